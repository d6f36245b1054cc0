"""Whom the site believes about where a request comes from: the proxies of its settings, and nobody else."""

import asyncio
from typing import Any

import pytest
import uvicorn
from pydantic import ValidationError

from oim.apps.site import _options
from oim.kit.settings import Settings

FORWARDED = [(b"x-forwarded-for", b"203.0.113.9"), (b"x-forwarded-proto", b"https")]


def seen_by_the_application(settings: Settings, peer: str) -> tuple[str, str]:
    """The address and the scheme that the application sees of a request that a proxy may have passed on."""
    seen: list[tuple[str, str]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append((scope["client"][0], scope["scheme"]))

    config = uvicorn.Config(app, **_options(settings))
    config.load()
    scope = {"type": "http", "client": (peer, 1), "scheme": "http", "headers": FORWARDED}
    nothing: Any = None
    asyncio.run(config.loaded_app(scope, nothing, nothing))
    return seen[0]


@pytest.mark.parametrize("peer", ["127.0.0.1", "10.0.0.7", "::1"])
def test_by_default_nobody_is_believed(peer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")  # a variable of uvicorn's own
    assert seen_by_the_application(Settings(), peer) == (peer, "http")


@pytest.mark.parametrize(
    ("peer", "expected"),
    [
        *(("10.0.0.7", "203.0.113.9"), ("10.1.2.3", "203.0.113.9"), ("2001:db8::5", "203.0.113.9")),
        *(("127.0.0.1", "127.0.0.1"), ("10.0.0.8", "10.0.0.8"), ("10.2.0.1", "10.2.0.1")),
    ],
)
def test_the_proxies_of_the_settings_are_believed(peer: str, expected: str) -> None:
    settings = Settings(proxies="10.0.0.7, 10.1.0.0/16, 2001:db8::/32")
    address, scheme = seen_by_the_application(settings, peer)
    assert address == expected
    assert scheme == ("https" if expected == "203.0.113.9" else "http")


@pytest.mark.parametrize("proxies", ["proxy.example", "10.0.0.300", "10.0.0.7/8", "*"])
def test_a_proxy_that_is_no_address_is_refused(proxies: str) -> None:
    with pytest.raises(ValidationError, match="proxies"):
        Settings(proxies=proxies)
