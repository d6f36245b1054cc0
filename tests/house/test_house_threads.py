"""Whatever is not in this list runs in the personal threads: it may wait for somebody's rows."""

from typing import Any, cast

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from route_list import LANGUAGE, pages_app

from oim.channels import rest
from oim.channels.http.services import Services
from oim.channels.http.threads import PersonalRoute

# They only read what is the same for everybody, or wait for nothing.
SHARED = {
    "/",
    "/{lang}/",
    "/{lang}/recommendations",
    "/{lang}/opportunities",
    "/{lang}/opportunities/{id_}",  # of a person: it chooses the threads itself
    "/{lang}/opportunities/{id_}/leave",
    "/{lang}/opportunities/{id_}/leave/go",
    "/static/{name}",
    "/sw.js",
    "/{language}/manifest.webmanifest",
    "/v1/recommendations",
    "/v1/opportunities",
    "/v1/opportunities/{opportunity_id}",
    "/files/{key:path}",
    "/docs",
    "/openapi.json",
    "/v1/openapi.json",
    "/{lang}/opportunities/{id_}/answer/{kind}",
    "/healthz",
    "/metrics",
}


def _list_shared(app: FastAPI) -> set[str]:
    """The paths of an application that do not run in the personal threads."""
    return {
        LANGUAGE.sub("/{lang}", context.path or "")
        for context in iter_route_contexts(app.routes)
        if isinstance(context.original_route, APIRoute)
        and not isinstance(context.original_route, PersonalRoute)
    }


def test_every_other_route_runs_in_the_personal_threads() -> None:
    nothing = cast(Any, None)
    api = rest.create_app(Services(nothing, nothing, nothing, nothing))
    assert _list_shared(api) | _list_shared(pages_app()) == SHARED
