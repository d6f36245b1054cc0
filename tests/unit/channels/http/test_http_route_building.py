"""The routes of the site are built before it serves, not within the first request."""

from collections.abc import Callable
from typing import Any, cast

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from site_factory import unwrap_app

from oim.channels.http.route_building import build_routes
from oim.channels.http.services import Services
from oim.channels.rest import create_app
from oim.channels.web import create_web

NOTHING = cast(Any, None)


def test_no_request_builds_a_route(monkeypatch: pytest.MonkeyPatch) -> None:
    inner, outer, app = APIRouter(), APIRouter(), FastAPI()
    inner.get("/one")(lambda: 1)
    outer.include_router(inner, prefix="/two")
    app.include_router(outer)
    build_routes(app)

    def refuse(**_: object) -> None:
        raise AssertionError("a route is built within a request")

    monkeypatch.setattr("fastapi.routing._EffectiveRouteContext.from_api_route", refuse)
    assert TestClient(app).get("/two/one").json() == 1


@pytest.mark.parametrize(
    ("create", "name"),
    [
        (lambda: create_web(NOTHING), "oim.channels.web.app.build_routes"),
        (lambda: create_app(Services(*[NOTHING] * 4)), "oim.channels.rest.app.build_routes"),
    ],
)
def test_an_application_is_built_whole(
    create: Callable[[], Any], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[tuple[FastAPI, int]] = []
    monkeypatch.setattr(name, lambda app: built.append((app, len(app.routes))))
    app = unwrap_app(create())
    assert built == [(app, len(app.routes))], "with all of its routes"
