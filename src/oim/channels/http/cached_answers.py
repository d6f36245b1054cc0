"""Public answers that clients may cache: for how long, and the `ETag` by which they ask for news (RFC 9110).

An `ETag` is made of what an answer depends on, where that is known before the answer: then a client that has
it is answered without any work. Otherwise it is made of the content.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha256

from fastapi import Request, Response

MAX_AGE = 60  # seconds, like the pages: an offer that is held vanishes everywhere within a minute
CACHE_HEADERS = {"Cache-Control": f"public, max-age={MAX_AGE}"}
NOT_CACHED = {"Cache-Control": "no-store"}


def make_etag(*parts: object) -> str:
    """Make a strong `ETag` of what an answer depends on; bytes are taken as they are."""
    hashed = sha256()
    for part in parts:
        content = part if isinstance(part, bytes) else str(part).encode()
        # With its length: ("ab", "c") must not be the same as ("a", "bc").
        hashed.update(b"%d:%b" % (len(content), content))
    return f'"{hashed.hexdigest()[:20]}"'


def has_cached(request: Request, etag: str) -> bool:
    """Whether the client says that it has the answer of this `ETag` already (RFC 9110, 13.1.2)."""
    tags = ",".join(request.headers.getlist("if-none-match")).split(",")
    return any(tag.strip().removeprefix("W/") in (etag, "*") for tag in tags)


def answer_unless_cached(
    request: Request,
    etag: str,
    make_content: Callable[[], bytes],
    headers: Mapping[str, str] = {},
    media_type: str = "application/json",
) -> Response:
    """Answer 304 to a client that has the answer, else with its content, which is made only then."""
    headers = {**CACHE_HEADERS, **headers, "ETag": etag}
    if has_cached(request, etag):
        return Response(status_code=304, headers=headers)
    return Response(make_content(), headers=headers, media_type=media_type)
