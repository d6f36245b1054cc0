"""Refusal of requests that say in two ways how long they are (RFC 9112, 6.1).

A proxy may believe one and we the other: what it takes for the end of the body would be another request to
us, which it never looked at (request smuggling).
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from oim.channels.http.security_headers import API_HEADERS
from oim.kit.i18n import LANGUAGES, mark, translator

AMBIGUOUS = mark(
    "The request mixes two ways of saying how long it is (Content-Length and Transfer-Encoding). Use one."
)


class FramingGuard:
    """ASGI middleware that answers 400 to such a request, and ends the connection it came by."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        if "content-length" not in headers or "transfer-encoding" not in headers:
            await self.app(scope, receive, send)
            return
        text = "\n".join(translator(language)(AMBIGUOUS) for language in LANGUAGES)
        closing = {**API_HEADERS, "Connection": "close"}
        await PlainTextResponse(f"{text}\n", 400, closing)(scope, receive, send)
