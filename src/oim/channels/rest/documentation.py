"""`/docs` and what it shows: Swagger UI, its files served from here and from nowhere else.

The API is described in OpenAPI 3.0, because this Swagger UI and many makers of clients read nothing newer.
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from swagger_ui_bundle import swagger_ui_path

from oim.channels.rest import problems

OPENAPI_VERSION = "3.0.3"  # of OpenAPI
_NULL_TYPE = {"type": "null"}


class OpenApi30App(FastAPI):
    """An application that describes itself in OpenAPI 3.0, the form of its problems included."""

    def openapi(self) -> dict[str, Any]:
        """The description, which FastAPI writes with the schemas of OpenAPI 3.1."""
        described: dict[str, Any] = _to_nullable(super().openapi())
        described["openapi"] = OPENAPI_VERSION
        for methods in described["paths"].values():
            for operation in methods.values():
                if "security" in operation and "401" not in operation["responses"]:
                    operation["security"].insert(0, {})  # a token is welcome there, and not asked for
        described["components"]["schemas"][problems.SCHEMA_NAME] = problems.PROBLEM_SCHEMA
        return described


def _to_nullable(node: Any) -> Any:
    """The same with `nullable` where 3.1 has the type `null`, which 3.0 does not know."""
    if isinstance(node, list):
        return [_to_nullable(item) for item in node]
    if not isinstance(node, dict):
        return node
    made = {name: _to_nullable(value) for name, value in node.items()}
    if _NULL_TYPE not in made.get("anyOf", ()):
        return made
    kinds = [kind for kind in made.pop("anyOf") if kind != _NULL_TYPE]
    only = kinds[0] if len(kinds) == 1 and "$ref" not in kinds[0] else {"anyOf": kinds}
    return {**only, **made, "nullable": True}


def serve_documentation(app: FastAPI) -> None:
    """Serve the documentation of an application."""
    app.mount("/docs/assets", StaticFiles(directory=swagger_ui_path))

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url=app.openapi_url or "",
            title="OIM",
            swagger_js_url="/docs/assets/swagger-ui-bundle.js",
            swagger_css_url="/docs/assets/swagger-ui.css",
            swagger_favicon_url="/docs/assets/favicon-32x32.png",
        )
