"""The API as one application."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import FastAPI

from oim.channels.rest import bounds, documentation, happenings, metrics, operations, problems, routes
from oim.features.matching.ports import Engine
from oim.kit.db import Database

ABOUT = (
    "Livelihood offers in Cameroon (jobs, courses, support to small businesses), matched to people "
    "with reasons. Errors are `application/problem+json` (RFC 9457) in the language of `Accept-Language`: "
    "French (the default) or English."
)


def create_app(database: Database, engine: Engine) -> FastAPI:
    """The ASGI application of the API."""
    app = documentation.DescribedApi(
        title="OIM",
        version=version("oim"),
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url="/v1/openapi.json",
    )
    app.include_router(routes.create_router(database, engine))
    app.include_router(happenings.create_router(database))
    app.include_router(operations.create_router(database, engine))
    documentation.install(app)
    problems.register(app)
    app.add_middleware(bounds.BodyLimit)
    app.add_middleware(metrics.Metrics)
    return app
