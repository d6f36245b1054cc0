"""Every route of the site, and those that strangers may call."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, cast

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from site_factory import unwrap_app

from oim.channels import rest, web
from oim.channels.http.services import Services
from oim.kit.i18n import LANGUAGES

PUBLIC = {
    "GET /",
    "GET /{lang}/",
    "GET /{lang}/recommendations",
    "POST /{lang}/recommendations",
    "GET /{lang}/opportunities",
    "GET /{lang}/opportunities/{id_}",
    "GET /{lang}/opportunities/{id_}/answer/{kind}",
    "GET /{lang}/opportunities/{id_}/leave",
    "GET /{lang}/opportunities/{id_}/leave/go",
    "GET /{lang}/opportunities/{id_}/report",
    "POST /{lang}/opportunities/{id_}/report",
    "GET /{lang}/reported",
    "GET /{lang}/about",
    "GET /{lang}/help",
    "GET /{lang}/privacy",
    "GET /{lang}/accessibility",
    "GET /operator-logo",
    "GET /static/{name}",
    "GET /sw.js",
    "GET /{language}/manifest.webmanifest",
    "GET /{lang}/sign-in",
    "POST /{lang}/sign-in",
    "GET /{lang}/sign-in/code",
    "POST /{lang}/sign-in/code",
    "GET /{lang}/sign-in/who",
    "POST /{lang}/sign-in/who",
    "GET /{lang}/sign-in/new",
    "POST /{lang}/sign-in/new",
    "GET /{lang}/sign-in/forgotten",
    "POST /{lang}/sign-in/forgotten",
    "POST /{lang}/sign-in/forgotten/contact",
    "GET /{lang}/sign-in/forgotten/code",
    "POST /{lang}/sign-in/forgotten/code",
    "GET /{lang}/pin/{secret}",
    "POST /{lang}/pin/{secret}",
    "POST /{lang}/unsent-form/keep",  # what a stranger has just typed, for who signs in next
    "POST /{lang}/sign-out",
    "POST /{lang}/sign-out/device",
    "GET /{lang}/staff/sign-in",
    "POST /{lang}/staff/sign-in",
    "GET /{lang}/staff/welcome/{secret}",
    "POST /{lang}/staff/welcome/{secret}",
    "POST /v1/sign-in/codes",
    "POST /v1/sign-in/tickets",
    "POST /v1/pin-requests",
    "POST /v1/pin-requests/confirmations",
    "POST /v1/sessions",
    "POST /v1/people",
    "POST /v1/staff/sessions",
    "POST /v1/recommendations",
    "POST /v1/events",
    "GET /v1/opportunities",
    "GET /v1/opportunities/{opportunity_id}",
    "POST /v1/opportunities/{opportunity_id}/departures",
    "POST /v1/opportunities/{opportunity_id}/reports",
    "GET /files/{key:path}",
    "GET /v1/openapi.json",
    "GET /openapi.json",
    "GET /docs",
    "GET /docs/assets",
    "GET /healthz",
    "GET /metrics",
}
LANGUAGE = re.compile(rf"^/({'|'.join(LANGUAGES)})(?=/)")


def routes_of(app: FastAPI) -> set[str]:
    """Method and path of each route; a mount or a socket has no methods and counts as GET."""
    return {
        f"{method} {LANGUAGE.sub('/{lang}', context.path or '')}"
        for context in iter_route_contexts(app.routes)
        for method in (context.methods or {"GET"}) - {"HEAD"}
    }


@cache
def pages_app() -> FastAPI:
    """The pages' own application, under its middleware: the site hands it what the API has no route for."""
    return unwrap_app(web.create_web(cast(Any, None)))


@cache
def api_app() -> FastAPI:
    """The API, without services."""
    nothing = cast(Any, None)
    return rest.create_app(Services(nothing, nothing, nothing, nothing))


@cache
def api_description() -> dict[str, Any]:
    """The API's description, whose making takes a second: made once in a process. It is only read."""
    return api_app().openapi()


@cache
def all_routes() -> frozenset[str]:
    """Those of the API and of the pages."""
    return frozenset(routes_of(api_app()) | routes_of(pages_app()))
