"""The limit on the size of request bodies of the API."""

from __future__ import annotations

from fastapi import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from oim.channels.http.requests import limit_body

BODY_MAX = 1_000_000  # bytes
# Routes that take files apply a larger limit themselves (`http.requests.open_upload`).
UPLOAD_PATHS = frozenset({"/v1/me/cv"})
# The same server also serves the HTML pages, whose forms have limits of their own.
API_PREFIX = "/v1"


class BodyLimit:
    """Middleware that answers 413 once a body of the API exceeds `BODY_MAX`, whatever length it declares."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if path in UPLOAD_PATHS or not path.startswith(API_PREFIX):
            await self.app(scope, receive, send)
        else:
            # Raised where the route reads its body, so the error handlers answer it like errors of the route.
            await self.app(scope, limit_body(receive, BODY_MAX, lambda: HTTPException(413)), send)
