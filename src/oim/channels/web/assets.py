"""Static files (style sheet, icon, two small scripts), at URLs that carry a fingerprint of their content.

A browser may cache such a URL for ever, since changed content gets another URL.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources

from fastapi import APIRouter, Request, Response

from oim.channels.http.cached_answers import answer_unless_cached, make_etag
from oim.kit.errors import NotFoundError
from oim.kit.i18n import Language, mark, translator

MEDIA_TYPES = {
    "style.css": "text/css; charset=utf-8",
    "staff.css": "text/css; charset=utf-8",  # of staff's dense pages: people's do not pay for it
    "icon.svg": "image/svg+xml",
    "app.js": "text/javascript; charset=utf-8",
    "sw.js": "text/javascript; charset=utf-8",
}
# A year in seconds; `immutable`: not even a reload asks whether the file has changed.
CACHE_FOREVER = "public, max-age=31536000, immutable"

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Asset:
    """The content of a file and its fingerprint."""

    content: bytes
    fingerprint: str  # first 10 hex digits of its SHA-256


@cache
def _load_assets() -> dict[str, Asset]:
    """Read every static file, once per process."""
    folder = resources.files("oim.channels.web") / "static"
    contents = {name: (folder / name).read_bytes() for name in MEDIA_TYPES}
    return {name: Asset(content, sha256(content).hexdigest()[:10]) for name, content in contents.items()}


def asset_url(name: str) -> str:
    """The URL of a file with its present fingerprint, as pages link to it."""
    return f"/static/{name}?v={_load_assets()[name].fingerprint}"


def _make_etag(request: Request, content: bytes) -> str:
    """Make the `ETag` of a file, which is another where the file is compressed (RFC 9110, 8.8.3.3)."""
    return make_etag(content, "gzip" in request.headers.get("accept-encoding", ""))


@router.get("/sw.js")
def service_worker(request: Request) -> Response:
    """Serve the service worker, which keeps saved offers readable without network.

    It is served at the root because a worker controls only the pages below its own path.
    """
    # Its URL carries no fingerprint, so a browser has to ask each time whether the content has changed.
    content = _load_assets()["sw.js"].content
    return answer_unless_cached(
        request,
        _make_etag(request, content),
        lambda: content,
        {"Cache-Control": "no-cache"},
        MEDIA_TYPES["sw.js"],
    )


@router.get("/{language}/manifest.webmanifest")
def manifest(language: Language, request: Request) -> Response:
    """Serve the web app manifest (W3C), with which a phone puts OIM on its home screen."""
    content = _build_manifest(language)
    return answer_unless_cached(
        request,
        _make_etag(request, content),
        lambda: content,
        {"Content-Language": language},
        "application/manifest+json",
    )


@cache
def _build_manifest(language: Language) -> bytes:
    """The manifest in a language, which changes with the program only."""
    t = translator(language)
    content = {
        "name": t("OIM: work, training, small business in Cameroon"),
        "short_name": "OIM",
        "lang": language,
        "start_url": f"/{language}/",
        "scope": "/",
        # Unlike `standalone`, keeps the browser's buttons to go back and to reload.
        "display": "minimal-ui",
        "background_color": "#fbf7ef",
        "theme_color": "#16130f",
        "icons": [{"src": asset_url("icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }
    return json.dumps(content, ensure_ascii=False).encode()


@router.get("/static/{name}")
def static(name: str, v: str = "") -> Response:
    """Serve a file; `v` is the fingerprint in its URL. Raises NotFoundError."""
    asset = _load_assets().get(name)
    if asset is None:
        raise NotFoundError(mark("There is no such file here."))
    # A page from before an update asks with the old fingerprint and gets the present content: a browser must
    # not store that for ever under the old URL.
    cache_control = CACHE_FOREVER if v == asset.fingerprint else "no-cache"
    return Response(asset.content, media_type=MEDIA_TYPES[name], headers={"Cache-Control": cache_control})
