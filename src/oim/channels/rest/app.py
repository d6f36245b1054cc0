"""The REST API as one ASGI application: routers, error handlers and middleware."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import Depends, FastAPI

from oim.channels.http.route_building import build_routes
from oim.channels.http.security_headers import API_HEADERS, SecurityHeaders
from oim.channels.http.services import Services
from oim.channels.rest import (
    body_limit,
    documentation,
    events,
    files,
    operations,
    opportunities,
    people,
    problems,
    redirects,
    reports,
    staff,
)
from oim.channels.rest.control_characters import refuse_control_characters
from oim.channels.rest.rate_limits import RateLimitHeaders, count_call
from oim.channels.rest.unknown_parameters import refuse_unknown_parameters

ABOUT = (
    "Livelihood offers in Cameroon (jobs, courses, support to small businesses), matched to people "
    "with reasons. Errors are `application/problem+json` (RFC 9457) in the language of `Accept-Language`: "
    "French (the default) or English."
)


def create_app(services: Services) -> FastAPI:
    """Create the ASGI application of the API, whose routes call `services`."""
    app = documentation.DescribedApp(
        title="OIM",
        version=version("oim"),
        description=ABOUT,
        # FastAPI's own pages load their scripts from another site: `serve_documentation` serves our own.
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        servers=[{"url": services.address or "/"}],
        # Generated clients call their functions by these: the names of ours.
        generate_unique_id_function=lambda route: route.name,
        # One schema for a model, whichever way it goes: two would be `…-Input` and `…-Output`.
        separate_input_output_schemas=False,
    )
    app.state.services = services
    # Every call under `/v1` counts against a rate limit; health checks and metrics do not.
    # Counted first: what a refused call costs us counts too.
    counted = [
        Depends(count_call),
        Depends(refuse_control_characters),
        Depends(refuse_unknown_parameters),
    ]
    for module in (opportunities, events, redirects, reports, people, staff, files):
        app.include_router(module.router, dependencies=counted)
    app.include_router(operations.router, dependencies=[Depends(refuse_unknown_parameters)])
    documentation.serve_documentation(app)
    build_routes(app)
    problems.add_error_handlers(app)
    # The last one added is the outermost: metrics cover the whole request, whatever answers it further in.
    app.add_middleware(body_limit.BodyLimit)
    app.add_middleware(RateLimitHeaders)
    app.add_middleware(operations.MetricsMiddleware)
    app.add_middleware(SecurityHeaders, headers=API_HEADERS)
    return app
