"""Every route is public by this list, or asks who calls."""

import re
from typing import Any, cast

import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from oim.apps.site import create_app
from oim.channels import web
from oim.channels.engine import create_engine_app
from oim.features.matching.ports import Engine
from oim.kit.i18n import LANGUAGES
from oim.kit.settings import Settings

PUBLIC = {
    "GET /",
    "GET /{lang}/",
    "GET /{lang}/recommendations",
    "POST /{lang}/recommendations",
    "GET /{lang}/opportunities",
    "GET /{lang}/opportunities/{id_}",
    "GET /{lang}/opportunities/{id_}/source",
    "GET /static/{name}",
    "POST /v1/recommendations",
    "POST /v1/events",
    "GET /v1/opportunities",
    "GET /v1/opportunities/{opportunity_id}",
    "GET /v1/openapi.json",
    "GET /docs",
    "GET /docs/assets",
    "GET /healthz",
    "GET /metrics",
}
LANGUAGE = re.compile(rf"^/({'|'.join(LANGUAGES)})(?=/)")


def _site() -> FastAPI:
    return create_app(
        Settings(database_url="postgresql://nobody@127.0.0.1:1/none", engine_url="http://127.0.0.1:1")
    )


def _pages() -> FastAPI:
    """The pages' own application, under its middleware: the site hands it what the API has no route for."""
    app: Any = web.create_web(cast(Any, None))
    while not isinstance(app, FastAPI):
        app = app.app
    return app


def _routes(app: FastAPI) -> set[str]:
    """Method and path of each route; a mount or a socket has no methods and counts as GET."""
    return {
        f"{method} {LANGUAGE.sub('/{lang}', context.path or '')}"
        for context in iter_route_contexts(app.routes)
        for method in (context.methods or {"GET"}) - {"HEAD"}
    }


def _answers_a_stranger(client: TestClient, route: str) -> bool:
    method, path = route.split(" ")
    return client.request(method, path.replace("{lang}", LANGUAGES[0])).status_code != 401


def test_every_route_of_the_site_is_public_by_list_or_asks_who_calls() -> None:
    client = TestClient(_site(), follow_redirects=False)
    private = (_routes(_site()) | _routes(_pages())) - PUBLIC
    assert [route for route in sorted(private) if _answers_a_stranger(client, route)] == []


def test_the_list_names_no_route_that_is_gone() -> None:
    assert PUBLIC - _routes(_site()) - _routes(_pages()) == set()


def _engine_routes() -> list[str]:
    app = create_engine_app(cast(Engine, None), "a secret")
    return sorted(_routes(app) - {"GET /healthz"})


@pytest.mark.parametrize("route", _engine_routes())
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer "}])
def test_the_engine_answers_nobody_without_its_secret(route: str, headers: dict[str, str]) -> None:
    method, path = route.split(" ")
    client = TestClient(create_engine_app(cast(Any, None), "a secret"))
    assert client.request(method, path, headers=headers, json={}).status_code == 401


def test_an_engine_without_a_secret_answers_nobody() -> None:
    client = TestClient(create_engine_app(cast(Any, None), ""))
    assert client.get("/health", headers={"Authorization": "Bearer "}).status_code == 401
