"""The pages as one ASGI application, and how it is installed beside the API in the same process."""

from __future__ import annotations

from fastapi import Depends, FastAPI
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from oim.channels.http.route_building import build_routes
from oim.channels.http.security_headers import PAGE_HEADERS, SecurityHeaders
from oim.channels.http.services import Services
from oim.channels.web import (
    answers,
    assets,
    errors,
    forgotten_pin,
    information,
    me,
    offers,
    recommendations,
    redirect_page,
    reports,
    search,
    sign_in,
    staff,
    unsent_question,
)
from oim.channels.web.drafts import Drafts
from oim.channels.web.public_pages import PublicPages
from oim.channels.web.section_router import SectionRouter
from oim.channels.web.security import CleanTarget, refuse_cross_site_forms
from oim.channels.web.template_environment import load_templates
from oim.kit.i18n import LANGUAGES

# Path prefixes of the API and of operations: an unknown path below them gets the API's 404, not a page.
API_PATHS = ("/v1", "/docs", "/openapi.json", "/healthz", "/metrics")
# Each is included once per language, below `/fr` and `/en`.
ROUTERS = (
    recommendations.router,
    offers.router,
    search.router,
    redirect_page.router,
    answers.router,
    reports.router,
    information.router,
    sign_in.router,
    sign_in.sign_out_router,
    forgotten_pin.router,
    forgotten_pin.cancel_router,
    me.router,
    staff.router,
    unsent_question.router,
)


def create_web(services: Services) -> ASGIApp:
    """Create the application of the pages, with its error pages and security headers, compressed by gzip."""
    # A dependency of the application runs before those of a route, so a forged form is refused before
    # `PostedForm` reads its body.
    load_templates()
    app = FastAPI(openapi_url=None, dependencies=[Depends(refuse_cross_site_forms)])
    app.state.services = services
    app.include_router(assets.router)
    app.include_router(information.root_router)
    app.include_router(recommendations.root_router)
    for language in LANGUAGES:
        pages = SectionRouter(language, depth=1)
        for router in ROUTERS:
            pages.include_router(router)
        app.include_router(pages, prefix=f"/{language}")
    build_routes(app)
    errors.add_error_handlers(app)
    # Wrapped from outside: `add_middleware` would leave out the answers of the handler of unexpected errors.
    return GZipMiddleware(SecurityHeaders(CleanTarget(Drafts(app)), PAGE_HEADERS))


def install(app: FastAPI, services: Services) -> None:
    """Serve the pages at every path of an application that is not below the API's own.

    The pages are an application of their own because error handlers and middleware apply to a whole
    application, and the API has different ones. Paths decide before the API looks through its routes, which
    would take longer than a page from the cache; middleware that `app` has already covers the pages too.
    """
    pages = PublicPages(create_web(services), services.offers.versions)
    # Appended to be the innermost: `add_middleware` would make it the outermost, outside the metrics.
    app.user_middleware.append(Middleware(_PagesBeside, pages))


class _PagesBeside:
    """ASGI middleware that sends requests for pages to the application of the pages."""

    def __init__(self, app: ASGIApp, pages: ASGIApp) -> None:
        self.app = app
        self.pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_page = scope["type"] == "http" and not scope["path"].startswith(API_PATHS)
        await (self.pages if is_page else self.app)(scope, receive, send)
