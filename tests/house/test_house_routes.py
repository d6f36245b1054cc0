"""Every route is public by this list, or asks who calls."""

from collections.abc import Iterator
from typing import Any, cast

import pytest
from fastapi.testclient import TestClient
from starlette.routing import BaseRoute, Mount, Route

from oim.apps.site import create_app
from oim.channels.engine import create_engine_app
from oim.features.matching.ports import Engine
from oim.kit.settings import Settings

PUBLIC = {
    "GET /",
    "GET /{lang}/",
    "POST /{lang}/recommendations",
    "GET /{lang}/opportunities",
    "GET /{lang}/opportunities/{id_}",
    "GET /static/{name}",
    "GET /favicon.svg",
    "POST /v1/recommendations",
    "GET /v1/opportunities",
    "GET /v1/opportunities/{opportunity_id}",
    "GET /v1/openapi.json",
    "GET /docs",
    "GET /docs/assets",
    "GET /healthz",
    "GET /metrics",
}


def _routes(routes: list[BaseRoute]) -> Iterator[str]:
    for route in routes:
        if isinstance(route, Mount):
            yield f"GET {route.path}"
        elif isinstance(route, Route):
            yield from (
                f"{method} {route.path}" for method in sorted(route.methods or ()) if method != "HEAD"
            )


def test_every_route_of_the_site_is_public_by_list() -> None:
    app = create_app(
        Settings(database_url="postgresql://nobody@127.0.0.1:1/none", engine_url="http://127.0.0.1:1")
    )
    assert set(_routes(app.routes)) <= PUBLIC


def _engine_routes() -> list[str]:
    app = create_engine_app(cast(Engine, None), "a secret")
    return [route for route in _routes(app.routes) if route != "GET /healthz"]


@pytest.mark.parametrize("route", _engine_routes())
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer "}])
def test_the_engine_answers_nobody_without_its_secret(route: str, headers: dict[str, str]) -> None:
    method, path = route.split(" ")
    client = TestClient(create_engine_app(cast(Any, None), "a secret"))
    assert client.request(method, path, headers=headers, json={}).status_code == 401


def test_an_engine_without_a_secret_answers_nobody() -> None:
    client = TestClient(create_engine_app(cast(Any, None), ""))
    assert client.get("/health", headers={"Authorization": "Bearer "}).status_code == 401
