"""Every route is public by this list, or asks who calls."""

from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, cast

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from route_list import PUBLIC, pages_app, routes_of

from oim.apps.site_app import create_app
from oim.channels.engine import create_engine_app
from oim.features.matching.ports import Engine
from oim.kit.crypto import create_ring
from oim.kit.i18n import LANGUAGES
from oim.kit.settings import Settings


@cache
def _site() -> FastAPI:
    """The whole site, with nothing behind it."""
    ring = Path(mkdtemp()) / "ring.json"
    create_ring(ring)
    return create_app(
        Settings(
            database_url="postgresql://nobody@127.0.0.1:1/none",
            engine_url="http://127.0.0.1:1",
            valkey_url="redis://127.0.0.1:1/0",
            keys_url=ring.as_uri(),
        )
    )


def _answers_a_stranger(client: TestClient, route: str) -> bool:
    method, path = route.split(" ")
    return client.request(method, path.replace("{lang}", LANGUAGES[0])).status_code != 401


def test_every_route_of_the_site_is_public_by_list_or_asks_who_calls() -> None:
    client = TestClient(_site(), "http://localhost", follow_redirects=False)
    private = (routes_of(_site()) | routes_of(pages_app())) - PUBLIC
    assert [route for route in sorted(private) if _answers_a_stranger(client, route)] == []


def test_the_list_names_no_route_that_is_gone() -> None:
    assert PUBLIC - routes_of(_site()) - routes_of(pages_app()) == set()


def _engine_routes() -> list[str]:
    app = create_engine_app(cast(Engine, None), "a secret")
    return sorted(routes_of(app) - {"GET /healthz"})


@pytest.mark.parametrize("route", _engine_routes())
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer "}])
def test_the_engine_answers_nobody_without_its_secret(route: str, headers: dict[str, str]) -> None:
    method, path = route.split(" ")
    client = TestClient(create_engine_app(cast(Any, None), "a secret"))
    assert client.request(method, path, headers=headers, json={}).status_code == 401


def test_an_engine_without_a_secret_answers_nobody() -> None:
    client = TestClient(create_engine_app(cast(Any, None), ""))
    assert client.get("/health", headers={"Authorization": "Bearer "}).status_code == 401
