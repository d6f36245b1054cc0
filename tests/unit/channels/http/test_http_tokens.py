"""Who presents no token is refused before anything of the body is read."""

import asyncio
from typing import Any

import pytest

from oim.channels.engine import create_engine_app


def request(path: str, authorization: bytes | None, method: str = "POST") -> tuple[int, bool]:
    """Send the head of a request to the engine: the status of the answer, and whether the body was read."""
    statuses, is_read = list[int](), False
    headers = [(b"content-length", b"1000000000"), (b"content-type", b"application/json")]
    headers += [(b"authorization", authorization)] if authorization is not None else []

    async def receive() -> Any:
        nonlocal is_read
        is_read = True
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b""}
    nothing: Any = None
    app = create_engine_app(nothing, "secret")
    try:
        asyncio.run(app(scope | {"headers": headers}, receive, send))
    except Exception:
        assert is_read  # of a client that has the token, and left
    return (statuses or [0])[0], is_read


@pytest.mark.parametrize("path", ["/recommend", "/swap", "/health", "/nowhere", "/healthz/", "//healthz"])
@pytest.mark.parametrize(
    "authorization", [None, b"", b"Bearer ", b"Bearer wrong", b"bearer secret", b"secret"]
)
def test_without_the_token_no_body_is_read(path: str, authorization: bytes | None) -> None:
    assert request(path, authorization) == (401, False)


def test_with_the_token_the_body_is_read() -> None:
    assert request("/recommend", b"Bearer secret")[1]


def test_whoever_supervises_needs_no_token() -> None:
    assert request("/healthz", None, "GET") == (200, False)
