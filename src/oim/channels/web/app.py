"""The pages as one application, and its place in the application that also serves the API."""

from __future__ import annotations

from fastapi import Depends, FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from oim.channels.http.services import Services
from oim.channels.web import (
    assets,
    errors,
    me,
    offers,
    recommendations,
    redirect_page,
    reports,
    search,
    sign_in,
    staff,
)
from oim.channels.web.security import SecurityHeaders, refuse_cross_site_forms
from oim.kit.i18n import LANGUAGES

API_PATHS = ("/v1", "/docs", "/healthz", "/metrics")  # the API's own paths
ROUTERS = (
    recommendations.router,
    offers.router,
    search.router,
    redirect_page.router,
    reports.router,
    sign_in.router,
    sign_in.sign_out_router,
    me.router,
    staff.router,
)  # each served once under each language


def create_web(services: Services) -> ASGIApp:
    """The pages, their errors, their headers, all compressed."""
    app = FastAPI(openapi_url=None, dependencies=[Depends(refuse_cross_site_forms)])
    app.state.services = services
    app.include_router(assets.router)
    app.include_router(recommendations.root_router)
    for language in LANGUAGES:
        for router in ROUTERS:
            app.include_router(router, prefix=f"/{language}")
    errors.add_error_handlers(app)
    return GZipMiddleware(SecurityHeaders(app))


def install(app: FastAPI, services: Services) -> None:
    """Serve the pages at every path that no route of `app` has, except under the API's own paths.

    They are an application of their own because error handlers and middleware act on a whole application,
    and the API has others.
    """
    pages = create_web(services)
    not_found = app.router.default

    async def default(scope: Scope, receive: Receive, send: Send) -> None:
        await (not_found if scope["path"].startswith(API_PATHS) else pages)(scope, receive, send)

    app.router.default = default
