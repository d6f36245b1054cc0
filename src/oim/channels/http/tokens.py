"""Shared secrets that a caller presents as a bearer token (RFC 6750)."""

from __future__ import annotations

import hmac

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send


def is_bearer(authorization: str, token: str) -> bool:
    """Whether an `Authorization` header presents this token; nobody has an empty one."""
    # `compare_digest` takes equally long wherever two texts differ, so that timing reveals nothing. Without
    # the first test, an empty token would let `Bearer ` in.
    return bool(token) and hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode())


class TokenGuard:
    """ASGI middleware that answers 401 without the token, except at one path, before a body is read.

    A dependency of a route would come after the body, which a stranger may make as long as they like.
    """

    def __init__(self, app: ASGIApp, token: str, open_path: str) -> None:
        self.app = app
        self.token = token
        self.open_path = open_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_guarded = scope["type"] == "http" and scope["path"] != self.open_path
        if is_guarded and not is_bearer(Headers(scope=scope).get("authorization", ""), self.token):
            await Response(status_code=401, headers={"Connection": "close"})(scope, receive, send)
            return
        await self.app(scope, receive, send)
