"""The API's description in OpenAPI and its page `/docs` (Swagger UI), all of whose files are our own.

FastAPI describes what each route takes and returns. What all routes have in common is added here, from the
routes themselves, so that no route can forget it: who may call it, and what any answer may be instead.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cached_property
from importlib.resources import files
from typing import Any

from fastapi import Depends, FastAPI, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.routing import iter_route_contexts
from fastapi.staticfiles import StaticFiles

from oim.channels.http.cached_answers import answer_unless_cached, make_etag
from oim.channels.rest import problems
from oim.channels.rest.dependencies import (
    SESSION_SCHEME,
    get_caller,
    require_person,
    require_session,
    require_staff,
)
from oim.channels.rest.strict_model import list_examples
from oim.channels.rest.unknown_parameters import refuse_unknown_parameters

# The usual address of a description, and the one below the version of the API.
DESCRIPTION_PATHS = ("/openapi.json", "/v1/openapi.json")
# Swagger UI is started by a script within the page, and writes styles into its elements.
_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Who may call a route that has this dependency, as OpenAPI 3.1 says it: a session, of one of these roles.
_ACCESS: dict[Callable[..., Any], list[dict[str, list[str]]]] = {
    require_person: [{SESSION_SCHEME: ["person"]}],
    require_staff: [{SESSION_SCHEME: ["staff"]}],
    require_session: [{SESSION_SCHEME: []}],
}
_ANYBODY: list[dict[str, list[str]]] = [{}, {SESSION_SCHEME: []}]
# pydantic's name for a class of which two features have one of the same name.
_QUALIFIED_NAME = re.compile(r"oim__features__([a-z]+)_*[a-z_]*__([A-Za-z]+)")


class DescribedApp(FastAPI):
    """An application whose description says who may call what, and what each call may answer."""

    def openapi(self) -> dict[str, Any]:
        """Generate the description once: that of FastAPI, completed."""
        if self.openapi_schema is None:
            described = super().openapi()
            _complete_operations(self, described["paths"])
            schemas = described["components"]["schemas"]
            # FastAPI leaves what is null out of the examples too, which then lack required fields.
            for model, example in list_examples():
                if "example" in schemas.get(model.__name__, {}):
                    schemas[model.__name__]["example"] = example
            # Every problem response refers to this schema, which no route returns as a model.
            schemas[problems.SCHEMA_NAME] = problems.PROBLEM_SCHEMA
            self.openapi_schema = json.loads(_QUALIFIED_NAME.sub(_shorten_name, json.dumps(described)))
        return self.openapi_schema or {}

    @cached_property
    def written_description(self) -> bytes:
        """The description as it is sent."""
        return json.dumps(self.openapi(), ensure_ascii=False, separators=(",", ":")).encode()


def _complete_operations(app: FastAPI, paths: dict[str, Any]) -> None:
    """Add to each operation under `/v1` who may call it, and the problems that its dependencies answer."""
    for route in iter_route_contexts(app.routes):
        operations = paths.get(route.path_format or "", {}) if (route.path or "").startswith("/v1/") else {}
        for method in (route.methods or set()) & {method.upper() for method in operations}:
            operation = operations[method.lower()]
            calls = set(_list_calls(route.dependant))
            operation["security"] = next(
                (access for dependency, access in _ACCESS.items() if dependency in calls), _ANYBODY
            )
            # A token whose session is over is refused wherever the caller matters; a body may be unreadable
            # or too large.
            statuses = ([401] if get_caller in calls else []) + (
                [400, 413] if "requestBody" in operation else []
            )
            for status, described in problems.describe_problems(*statuses).items():
                operation["responses"].setdefault(str(status), described)


def _list_calls(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    """List what is called for a route: all its dependencies, and theirs."""
    for dependency in dependant.dependencies:
        if dependency.call:
            yield dependency.call
        yield from _list_calls(dependency)


def _shorten_name(match: re.Match[str]) -> str:
    """Shorten `oim__features__cv__types__Level` to `CvLevel`."""
    return match[1].title() + match[2]


def serve_documentation(app: DescribedApp) -> None:
    """Add the description, the page `/docs` and the files of Swagger UI to an application."""
    app.mount("/docs/assets", StaticFiles(directory=str(files("swagger_ui") / "static")))

    def describe(request: Request) -> Response:
        """The description in OpenAPI."""
        content = app.written_description
        return answer_unless_cached(request, make_etag(content), lambda: content)

    for path in DESCRIPTION_PATHS:
        app.add_api_route(
            path, describe, include_in_schema=False, dependencies=[Depends(refuse_unknown_parameters)]
        )

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        """The page of Swagger UI."""
        page = get_swagger_ui_html(
            openapi_url=DESCRIPTION_PATHS[-1],
            title="OIM",
            swagger_js_url="/docs/assets/swagger-ui-bundle.js",
            swagger_css_url="/docs/assets/swagger-ui.css",
            swagger_favicon_url="/docs/assets/favicon-32x32.png",
        )
        page.headers["Content-Security-Policy"] = _CONTENT_SECURITY_POLICY
        return page
