"""How much of a request is read."""

from __future__ import annotations

from fastapi import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from oim.channels.http.requests import limit_body

BODY_MAX = 1_000_000  # bytes
UPLOAD_PATHS = frozenset({"/v1/me/cv"})  # whose routes bound what they read themselves
API_PREFIX = "/v1"  # the pages beside the API have bounds of their own


class BodyLimit:
    """Stops reading a body of the API beyond `BODY_MAX` with a 413, whatever length it declares."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if path in UPLOAD_PATHS or not path.startswith(API_PREFIX):
            await self.app(scope, receive, send)
        else:
            await self.app(scope, limit_body(receive, BODY_MAX, lambda: HTTPException(413)), send)
