"""Protection of the pages: what a form or an address may hold, and refusal of forms from other sites."""

from __future__ import annotations

import re
from time import monotonic
from typing import Annotated
from urllib.parse import parse_qs, urlencode

from fastapi import Depends, Request
from starlette.types import ASGIApp, Receive, Scope, Send

from oim.channels.http.requests import DRAIN_TIMEOUT
from oim.kit.errors import BadInputError, TooLargeError
from oim.kit.i18n import LANGUAGES, mark
from oim.kit.text import remove_controls

MAX_FORM_BYTES = 64 * 1024
RETURNED_FORM_BYTES = 512 * 1024  # of a form that is too long, to be shown again and shortened
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})  # those that change nothing (RFC 9110, 9.2.1)
# Matches `/fr/opportunities?kind=agr`. The language at the start excludes `//host/`, which leads to another
# host, and the allowed characters exclude `:`, `@`, `\` and line breaks.
_LOCAL_PATH = re.compile(rf"/({'|'.join(LANGUAGES)})/[A-Za-z0-9/_-]*(\?[A-Za-z0-9&=_%.~+-]*)?")
# `kit.text.has_controls` as a query writes it: NUL, U+202A to U+202E, U+2066 to U+2069.
_CONTROLS_OF_QUERY = re.compile(rb"\x00|%00|%e2%80%a[a-e]|%e2%81%a[6-9]", re.IGNORECASE)
# Browsers accept a `__Host-` cookie only from this very host over https, so no sister domain can plant one.
SESSION_COOKIE = "__Host-oim"
DEVICE_COOKIE = "__Host-oim-device"
UNSENT_COOKIE = "__Host-oim-unsent"
VISIT_COOKIE = "__Host-oim-visit"


class CrossSiteError(BadInputError):
    """A form that another site had the browser send (cross-site request forgery)."""

    code = "cross-site"


async def refuse_cross_site_forms(request: Request) -> None:
    """Refuse a form that another site had the browser send, before it is read. Raises CrossSiteError."""
    if request.method not in SAFE_METHODS and not is_same_origin(request):
        raise CrossSiteError(mark("This form was sent from another site, so it was not read."))


async def _read_form(request: Request) -> dict[str, list[str]]:
    """Read the fields of a posted form; empty ones are left out. Raises TooLargeError."""
    fields = await read_typed_fields(request)
    if request.state.form_bytes > MAX_FORM_BYTES:
        raise TooLargeError(
            mark("What you wrote is too long to be sent at once. It is below: shorten it, and send it again.")
        )
    return fields


async def read_typed_fields(request: Request) -> dict[str, list[str]]:
    """Read the fields of a form, once per request: an error page shows them again. Too much is cut off."""
    fields: dict[str, list[str]] | None = getattr(request.state, "form", None)
    if fields is not None:
        return fields
    body, deadline = b"", 0.0
    # Counted while it arrives: the length that a request declares may be missing or false. The rest is
    # read for a while and dropped: who still sends would not see the answer.
    async for chunk in request.stream():
        if len(body) <= RETURNED_FORM_BYTES:
            body += chunk
            deadline = monotonic() + DRAIN_TIMEOUT
        elif monotonic() > deadline:
            break
    request.state.form_bytes = len(body)
    typed = parse_qs(body[:RETURNED_FORM_BYTES].decode("utf-8", "replace"))
    # Removed, not refused: nobody sees them in what they typed or pasted, so nobody could correct it.
    fields = {name: [remove_controls(value) for value in values] for name, values in typed.items()}
    request.state.form = fields
    return fields


class CleanTarget:
    """ASGI middleware that makes the address a request asks for one that pages can read.

    In the query, spaces take the place of NUL and of what changes the direction of writing: where nothing
    did, `%0%000` would become `%00`. A path begins with a slash: that of `OPTIONS *` is the asterisk
    (RFC 9110, 9.3.7), for which there is no page either.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            # In place: the router notes the route in the same scope, for the metrics.
            scope["path"] = f"/{scope['path'].removeprefix('/')}"
            scope["query_string"] = _CONTROLS_OF_QUERY.sub(b"+", scope["query_string"])
        await self.app(scope, receive, send)


def is_same_origin(request: Request) -> bool:
    """Whether a form comes from one of our pages, by the best evidence that the browser sends.

    A browser too old to send any is believed only if it has no session, which a forged form could abuse.
    """
    headers = request.headers
    # In the order of how well they tell: no page can forge `Sec-Fetch-Site`, `Origin` holds scheme, host and
    # port, and `Referer` may be left out for privacy.
    site, host = headers.get("sec-fetch-site"), headers.get("host")
    if site is not None:
        # "none": started by the visitor, not by any page. A sister domain ("same-site") is not trusted.
        return site in ("same-origin", "none")
    # Both schemes: behind a proxy the server may not know that the browser speaks https.
    own_origins = (f"http://{host}", f"https://{host}")
    if "origin" in headers:
        return headers["origin"] in own_origins
    referer = headers.get("referer", "")
    if referer:
        # With the slash: `https://oim.example.evil.example/` begins like `https://oim.example`.
        return referer.startswith(tuple(f"{origin}/" for origin in own_origins))
    return SESSION_COOKIE not in request.cookies


def safe_next_path(path: str) -> str | None:
    """The path itself if it is one of our pages, to redirect to; None where it could lead to another site."""
    return path if _LOCAL_PATH.fullmatch(path) else None


def build_sign_in_url(language: str, path: str, next_: str | None) -> str:
    """Build the address of the page to sign in for the page at `path`; it leads to `next_` afterwards."""
    # Staff sign in on a page of their own, with another form.
    sign_in = f"/{language}/" + ("staff/sign-in" if "/staff" in path else "sign-in")
    return f"{sign_in}?{urlencode({'next': next_})}" if next_ else sign_in


PostedForm = Annotated[dict[str, list[str]], Depends(_read_form)]
