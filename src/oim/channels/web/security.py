"""What protects the pages: headers on every answer, no form sent from another site, no endless body."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Depends, Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oim.kit.errors import BadInputError
from oim.kit.i18n import LANGUAGES, mark

MAX_FORM_BYTES = 64 * 1024  # bytes of a form
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_LOCAL_PATH = re.compile(rf"/({'|'.join(LANGUAGES)})/[A-Za-z0-9/_-]*(\?[A-Za-z0-9&=_%.~-]*)?")
SESSION_COOKIE = "__Host-oim"  # of a session

SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; "
    "script-src 'self'; worker-src 'self'; manifest-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    # Not `no-referrer`: browsers would then send `Origin: null` with our own forms, and be refused below.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


class CrossSiteError(BadInputError):
    """A form that another site sent."""

    code = "cross-site"


class SecurityHeaders:
    """Adds the headers to every answer of an application, its failures included; its own are left."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)


async def refuse_cross_site_forms(request: Request) -> None:
    """Of every route: what another site has a browser send is refused before it is read."""
    if request.method not in SAFE_METHODS and not _is_same_origin(request):
        raise CrossSiteError(mark("This form was sent from another site, so it was not read."))


async def _read_form(request: Request) -> dict[str, list[str]]:
    """The fields of a form. Raises BadInputError when it is too long."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM_BYTES:
            raise BadInputError(mark("What you sent is too long."))
    fields = parse_qs(body.decode("utf-8", "replace"))
    return {name: [value.replace("\0", "") for value in values] for name, values in fields.items()}


def _is_same_origin(request: Request) -> bool:
    """Whether a form comes from our pages. Old browsers that say nothing are believed, of strangers only."""
    headers = request.headers
    site, host = headers.get("sec-fetch-site"), headers.get("host")
    if site is not None:
        return site in ("same-origin", "none")
    ours = (f"http://{host}", f"https://{host}")
    if "origin" in headers:
        return headers["origin"] in ours
    came_from = headers.get("referer", "")
    if came_from:
        return came_from.startswith(tuple(f"{one}/" for one in ours))
    return SESSION_COOKIE not in request.cookies


def safe_next_path(path: str) -> str | None:
    """A path of ours to go on to; none where it could lead a browser elsewhere."""
    return path if _LOCAL_PATH.fullmatch(path) else None


PostedForm = Annotated[dict[str, list[str]], Depends(_read_form)]
