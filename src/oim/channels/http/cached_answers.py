"""Public answers that clients may cache: for how long, and the `ETag` by which they ask for news (RFC 9110).

An `ETag` is made of what an answer depends on, where that is known before the answer: then a client that has
it is answered without any work. Otherwise it is made of the content.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

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


@cache
def hash_build() -> str:
    """Hash the program and its texts, once per process: what an answer looks like changes with them alone.

    The number of the version would not do: a build between two versions has the same.
    """
    package = Path(str(files("oim")))
    hashed = sha256()
    for path in sorted(path for path in package.rglob("*") if path.suffix in (".py", ".po")):
        hashed.update(f"{path.relative_to(package)}\n".encode() + path.read_bytes())
    return hashed.hexdigest()


def _list_tags(request: Request) -> list[str]:
    """List the answers that the client says it has; `*` stands for any (RFC 9110, 13.1.2)."""
    tags = ",".join(request.headers.getlist("if-none-match")).split(",")
    return [tag.strip().removeprefix("W/") for tag in tags]


def answer_unless_cached(
    request: Request,
    etag: str,
    make_content: Callable[[], bytes],
    headers: Mapping[str, str] = {},
    media_type: str = "application/json",
) -> Response:
    """Answer 304 to a client that has the answer, else with its content, which is made only then.

    `*` means any answer: it is made to see whether there is one.
    """
    headers = {**CACHE_HEADERS, **headers, "ETag": etag}
    tags = _list_tags(request)
    if etag in tags or ("*" in tags and make_content()):
        return Response(status_code=304, headers=headers)
    return Response(make_content(), headers=headers, media_type=media_type)
