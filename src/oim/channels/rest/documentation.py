"""The API's description in OpenAPI and its page `/docs` (Swagger UI), whose files are all served from here.

The version is OpenAPI 3.0, because the bundled Swagger UI and many client generators read nothing newer.
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from swagger_ui_bundle import swagger_ui_path

from oim.channels.rest import problems

OPENAPI_VERSION = "3.0.3"
# How OpenAPI 3.1 marks a value that may be null. OpenAPI 3.0 has `nullable: true` instead.
_NULL_TYPE = {"type": "null"}
# Swagger UI is started by a script within the page, and writes styles into its elements.
_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class OpenApi30App(FastAPI):
    """An application that describes itself, with the schema of its problems, in OpenAPI 3.0."""

    def openapi(self) -> dict[str, Any]:
        """Generate the description: that of FastAPI, which is OpenAPI 3.1, converted to 3.0."""
        # A copy: FastAPI caches its own description, and a second call must not change it once more.
        described: dict[str, Any] = _to_nullable(super().openapi())
        described["openapi"] = OPENAPI_VERSION
        for methods in described["paths"].values():
            for operation in methods.values():
                # A route that never answers 401 works without a token too: `{}` is the alternative of none.
                if "security" in operation and "401" not in operation["responses"]:
                    operation["security"].insert(0, {})
        # Every problem response refers to this schema, which no route returns as a model.
        described["components"]["schemas"][problems.SCHEMA_NAME] = problems.PROBLEM_SCHEMA
        return described


def _to_nullable(node: Any) -> Any:
    """Copy a schema with `nullable: true` in place of OpenAPI 3.1's type `null`."""
    if isinstance(node, list):
        return [_to_nullable(item) for item in node]
    if not isinstance(node, dict):
        return node
    schema = {name: _to_nullable(value) for name, value in node.items()}
    if _NULL_TYPE not in schema.get("anyOf", ()):
        return schema
    types = [type_ for type_ in schema.pop("anyOf") if type_ != _NULL_TYPE]
    # `anyOf: [X, null]` becomes X itself, except for a `$ref`: OpenAPI 3.0 ignores every key beside it.
    only = types[0] if len(types) == 1 and "$ref" not in types[0] else {"anyOf": types}
    return {**only, **schema, "nullable": True}


def serve_documentation(app: FastAPI) -> None:
    """Add the page `/docs` and the files of Swagger UI to an application."""
    app.mount("/docs/assets", StaticFiles(directory=swagger_ui_path))

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        """The page of Swagger UI."""
        page = get_swagger_ui_html(
            openapi_url=app.openapi_url or "",
            title="OIM",
            swagger_js_url="/docs/assets/swagger-ui-bundle.js",
            swagger_css_url="/docs/assets/swagger-ui.css",
            swagger_favicon_url="/docs/assets/favicon-32x32.png",
        )
        page.headers["Content-Security-Policy"] = _CONTENT_SECURITY_POLICY
        return page
