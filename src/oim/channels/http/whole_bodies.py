"""Requests begin to be answered when their body is there: who never ends one costs a few bytes of memory.

Middleware, routes and threads cost a millisecond for each request that begins. A thousand bodies that begin
at once and never end kept whoever came in that moment waiting for seconds. See decision 30.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Bytes of a body that are waited for: forms and calls of the API are shorter. What is larger is read by the
# route, which has limits of its own; uvicorn itself keeps as much of a body before it stops reading.
WAITED_BYTES = 64 * 1024


class WholeBodies:
    """ASGI middleware that calls the application once a body, or the first part of a large one, has come."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _has_body(Headers(scope=scope)):
            await self.app(scope, receive, send)
            return
        messages = [await _receive_body(receive)]
        if messages[0]["type"] == "http.disconnect":
            return  # nobody is there to read an answer

        async def receive_again() -> Message:
            return messages.pop() if messages else await receive()

        await self.app(scope, receive_again, send)


def _has_body(headers: Headers) -> bool:
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


async def _receive_body(receive: Receive) -> Message:
    """Receive a body to its end, its first `WAITED_BYTES`, or until its client has left: as one message.

    One, since each piece of a body that comes byte by byte would otherwise cost two hundred bytes of its own.
    """
    body, more = bytearray(), True
    while more and len(body) < WAITED_BYTES:
        message = await receive()
        if message["type"] == "http.disconnect":
            return message
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return {"type": "http.request", "body": bytes(body), "more_body": more}
