"""The pages as one ASGI application, and how it is installed beside the API in the same process."""

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

# Path prefixes of the API and of operations: an unknown path below them gets the API's 404, not a page.
API_PATHS = ("/v1", "/docs", "/healthz", "/metrics")
# Each is included once per language, below `/fr` and `/en`.
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
)


def create_web(services: Services) -> ASGIApp:
    """Create the application of the pages, with its error pages and security headers, compressed by gzip."""
    # A dependency of the application runs before those of a route, so a forged form is refused before
    # `PostedForm` reads its body.
    app = FastAPI(openapi_url=None, dependencies=[Depends(refuse_cross_site_forms)])
    app.state.services = services
    app.include_router(assets.router)
    app.include_router(recommendations.root_router)
    for language in LANGUAGES:
        for router in ROUTERS:
            app.include_router(router, prefix=f"/{language}")
    errors.add_error_handlers(app)
    # Wrapped from outside: `add_middleware` would leave out the answers of the handler of unexpected errors.
    return GZipMiddleware(SecurityHeaders(app))


def install(app: FastAPI, services: Services) -> None:
    """Serve the pages at every path that no route of `app` matches, except below the API's own paths.

    The pages are an application of their own because error handlers and middleware apply to a whole
    application, and the API has different ones.
    """
    pages = create_web(services)
    # Starlette calls `router.default` with every request that no route matches.
    api_default = app.router.default

    async def default(scope: Scope, receive: Receive, send: Send) -> None:
        await (api_default if scope["path"].startswith(API_PATHS) else pages)(scope, receive, send)

    app.router.default = default
