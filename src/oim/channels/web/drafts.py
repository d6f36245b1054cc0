"""A page with its form as it was typed just now: what a change of language shows, with nothing stored.

The button of the other language posts the form to the address of the page there with `?typed=yes`. The page
is then made as for a GET, and its form filled in with what was posted (`PageContext.render`). Nothing is
kept: it serves strangers, too, and ends with the answer.
"""

from __future__ import annotations

from typing import cast
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from oim.channels.web.security import is_same_origin, read_typed_fields
from oim.channels.web.unsent_forms import without_secrets
from oim.kit.fields import FormFields

DRAFT_PARAMETER = "typed"
DRAFT_QUERY = f"{DRAFT_PARAMETER}=yes"


def find_draft(request: Request) -> FormFields | None:
    """Find what was typed into the form of the page that is asked for; None where nothing was posted."""
    return cast("FormFields | None", getattr(request.state, "draft", None))


class Drafts:
    """ASGI middleware that has a draft answered as a GET of its page, with the draft beside it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "POST" and _is_draft(scope):
            request = Request(scope, receive)
            # Another site could fill a page of ours with its words: it is refused like every form of its.
            if is_same_origin(request):
                draft = without_secrets(await read_typed_fields(request))
                scope = {
                    **scope,
                    "method": "GET",
                    "query_string": _without_mark(scope),
                    "state": {**scope.get("state", {}), "draft": draft},
                }
        await self.app(scope, receive, send)


def _is_draft(scope: Scope) -> bool:
    return DRAFT_QUERY.encode() in scope["query_string"].split(b"&")


def _without_mark(scope: Scope) -> bytes:
    """The query without what makes the request a draft, which the links of the page must not repeat."""
    pairs = parse_qsl(scope["query_string"].decode("ascii", "replace"), keep_blank_values=True)
    # `quote` writes a space as `%20`: `safe_next_path` refuses a `+`.
    return urlencode([pair for pair in pairs if pair[0] != DRAFT_PARAMETER], quote_via=quote).encode()
