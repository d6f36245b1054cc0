"""The API's description in OpenAPI and its page `/docs` (Swagger UI), all of whose files are our own."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

from oim.channels.rest import problems

# Swagger UI is started by a script within the page, and writes styles into its elements.
_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class DescribedApp(FastAPI):
    """An application whose description says which calls need a token, and has the schema of its problems."""

    def openapi(self) -> dict[str, Any]:
        """Generate the description once: that of FastAPI, completed."""
        if self.openapi_schema is None:
            described = super().openapi()
            for methods in described["paths"].values():
                for operation in methods.values():
                    # A route that never answers 401 works without a token too: `{}` says so.
                    if "security" in operation and "401" not in operation["responses"]:
                        operation["security"].insert(0, {})
            # Every problem response refers to this schema, which no route returns as a model.
            described["components"]["schemas"][problems.SCHEMA_NAME] = problems.PROBLEM_SCHEMA
        return self.openapi_schema or {}


def serve_documentation(app: FastAPI) -> None:
    """Add the page `/docs` and the files of Swagger UI to an application."""
    app.mount("/docs/assets", StaticFiles(directory=str(files("swagger_ui") / "static")))

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
