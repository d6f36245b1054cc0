"""Public pages from a cache: home, listing, offers and information, as strangers see them.

A page holds while the catalogue has the version that it was made from, on the day it was made, and for a
minute at most: as long as a browser may keep it anyway. Whatever records something or belongs to one visitor
is made anew: pages for a session, forms, and offers opened from a list of recommendations (`?list=`).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Hashable
from time import monotonic

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oim.channels.http.offer_cache import CatalogueWatch
from oim.channels.web.back_links import BACK_PARAMETER
from oim.channels.web.event_recording import LIST_PARAMETER
from oim.channels.web.information import INFORMATION_PAGES
from oim.channels.web.page_cache import CachedPage, PageCache, RawHeaders, create_page
from oim.channels.web.pages import PUBLIC_CACHE_CONTROL, PUBLIC_MAX_AGE
from oim.channels.web.security import SESSION_COOKIE
from oim.kit.clock import CAMEROON, now
from oim.kit.i18n import LANGUAGES

# `/fr/`, `/en/opportunities`, `/fr/opportunities/<uuid>`, `/en/privacy`
_PUBLIC_PATH = re.compile(
    rf"/({'|'.join(LANGUAGES)})/(opportunities(/[0-9a-f-]{{36}})?|{'|'.join(INFORMATION_PAGES)})?"
)
# By its whole name: other cookies of ours begin with the same letters, and strangers have them.
_SESSION = re.compile(rf"(?:^|;)\s*{re.escape(SESSION_COOKIE)}=")
_NOT_IN_304 = (b"content-length", b"content-type", b"content-encoding")


class PublicPages:
    """ASGI middleware that answers strangers from a cache, and stores what the application answers them."""

    def __init__(self, app: ASGIApp, versions: CatalogueWatch) -> None:
        self.app = app
        self.cache = PageCache()
        self._versions = versions
        self._in_progress: dict[Hashable, asyncio.Event] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = await self._find_key(scope) if _is_public(scope) else None
        if key is None:
            await self.app(scope, receive, send)
        elif page := await self._find_page(key):
            await _send_page(page, scope, send)
        else:
            await self._make_page(key, scope, receive, send)

    async def _find_key(self, scope: Scope) -> Hashable | None:
        """What a public page depends on; None where the version of the catalogue is not known."""
        version = self._versions.peek() or await run_in_threadpool(self._versions.get)
        if version is None:
            return None
        accepts_gzip = "gzip" in Headers(scope=scope).get("accept-encoding", "")
        # The query as it was sent: the link to the other language repeats it letter by letter.
        return version, now().astimezone(CAMEROON).date(), scope["path"], scope["query_string"], accepts_gzip

    async def _find_page(self, key: Hashable) -> CachedPage | None:
        """The page in the cache, or the one that another request is just making; None to make it oneself."""
        if (page := self.cache.get(key, monotonic())) or key not in self._in_progress:
            return page
        await self._in_progress[key].wait()
        # None again where that request got an error: then each makes the page for itself.
        return self.cache.get(key, monotonic())

    async def _make_page(self, key: Hashable, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by the application; what it answers with a page for everybody is stored."""
        finished = self._in_progress.setdefault(key, asyncio.Event())
        messages: list[Message] = []

        async def send_whole(message: Message) -> None:
            """Hold the answer back until it is complete, to store it and send it with its `ETag`."""
            messages.append(message)
            if message["type"] != "http.response.body" or message.get("more_body"):
                return
            page = self._store(key, messages, scope)
            finished.set()
            if page:
                await _send_page(page, scope, send)
            else:
                for part in messages:
                    await send(part)

        try:
            await self.app(scope, receive, send_whole)
        finally:
            finished.set()
            self._in_progress.pop(key, None)

    def _store(self, key: Hashable, messages: list[Message], scope: Scope) -> CachedPage | None:
        """Store an answer that its page declared public, and return it; None for an error."""
        start, *parts = messages
        headers: RawHeaders = list(start["headers"])
        if (b"cache-control", PUBLIC_CACHE_CONTROL.encode()) not in headers:
            return None
        body = b"".join(part.get("body", b"") for part in parts)
        page = create_page(headers, body, scope.get("route"), monotonic() + PUBLIC_MAX_AGE)
        self.cache.put(key, page, len(scope["path"]) + len(scope["query_string"]))
        return page


def _is_public(scope: Scope) -> bool:
    """Whether a request may be answered from the cache: a stranger's GET of a page that records nothing."""
    if scope["type"] != "http" or scope["method"] != "GET" or not _PUBLIC_PATH.fullmatch(scope["path"]):
        return False
    # An offer opened from a list of recommendations is an event to record.
    query = QueryParams(scope["query_string"])
    # A search that it leads back to opens for one browser alone.
    if LIST_PARAMETER in query or not query.get(BACK_PARAMETER, "/").startswith("/"):
        return False
    return _SESSION.search("; ".join(Headers(scope=scope).getlist("cookie"))) is None


async def _send_page(page: CachedPage, scope: Scope, send: Send) -> None:
    """Send a page, or only that it has not changed since the browser kept it (RFC 9110, 13.1.2)."""
    scope["route"] = page.route
    if page.etag in Headers(scope=scope).get("if-none-match", "").encode("latin-1"):
        headers = [header for header in page.headers if header[0] not in _NOT_IN_304]
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": list(page.headers)})
    await send({"type": "http.response.body", "body": page.body})
