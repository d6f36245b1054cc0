"""The pages as one application, and its place in the application that also serves the API."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from oim.channels.web import assets, errors, routes
from oim.channels.web.guard import SecurityHeaders
from oim.channels.web.services import Catalogue, Services
from oim.features.matching.ports import Engine
from oim.kit.db import Database
from oim.kit.i18n import LANGUAGES

NOT_PAGES = ("/v1", "/docs", "/healthz", "/metrics")  # the API's own paths


def create_web(database: Database, engine: Engine, catalogue: Catalogue) -> ASGIApp:
    """The pages, their errors, their headers, all compressed."""
    app = FastAPI(openapi_url=None)
    app.state.services = Services(database, engine, catalogue)
    app.include_router(assets.router)
    app.include_router(routes.root)
    for language in LANGUAGES:
        app.include_router(routes.router, prefix=f"/{language}")
    errors.register(app)
    return GZipMiddleware(SecurityHeaders(app))


def install(app: FastAPI, database: Database, engine: Engine, catalogue: Catalogue) -> None:
    """Serve the pages at every path that no route of `app` has, except under the API's own paths.

    They are an application of their own because error handlers and middleware act on a whole application,
    and the API has others.
    """
    pages = create_web(database, engine, catalogue)
    not_found = app.router.default

    async def default(scope: Scope, receive: Receive, send: Send) -> None:
        await (not_found if scope["path"].startswith(NOT_PAGES) else pages)(scope, receive, send)

    app.router.default = default
