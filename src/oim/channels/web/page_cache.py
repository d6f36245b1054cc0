"""A cache of finished pages, bounded by their bytes: the one not asked for longest goes first.

Which pages may be in it, and for how long they hold, is decided in `public_pages`.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

MAX_BYTES = 16 * 1024 * 1024
ENTRY_OVERHEAD = 1024  # bytes of an entry besides its body and its key: headers, objects

RawHeaders = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class CachedPage:
    """A page as it was sent: headers with an `ETag`, body, and the route that metrics count it under."""

    headers: RawHeaders
    body: bytes
    etag: bytes
    route: Any
    expires: float  # on the monotonic clock


def create_page(headers: RawHeaders, body: bytes, route: Any, expires: float) -> CachedPage:
    """Create a cached page with an `ETag` of its content (RFC 9110, 8.8.3)."""
    etag = b'"%b"' % sha256(body).hexdigest()[:20].encode()
    return CachedPage([*headers, (b"etag", etag)], body, etag, route, expires)


class PageCache:
    """Pages by key. It has no lock: only the event loop of its process uses it."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self.size = 0  # bytes
        self._max_bytes = max_bytes
        self._pages: OrderedDict[Hashable, tuple[CachedPage, int]] = OrderedDict()

    def get(self, key: Hashable, at: float) -> CachedPage | None:
        """The page of a key, unless it expired before the instant `at` of the monotonic clock."""
        page, _ = self._pages.get(key, (None, 0))
        if page is None or page.expires <= at:
            return None
        self._pages.move_to_end(key)
        return page

    def put(self, key: Hashable, page: CachedPage, key_bytes: int) -> None:
        """Store a page in place of an earlier one; `key_bytes`: the size of its key."""
        _, replaced = self._pages.pop(key, (None, 0))
        size = len(page.body) + key_bytes + ENTRY_OVERHEAD
        self._pages[key] = page, size
        self.size += size - replaced
        while self.size > self._max_bytes:
            _, (_, freed) = self._pages.popitem(last=False)
            self.size -= freed
