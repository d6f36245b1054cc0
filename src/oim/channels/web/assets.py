"""The stylesheet, the icon and two small scripts, fingerprinted so that browsers keep them for long."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import resources

from fastapi import APIRouter, Response

from oim.kit.errors import NotFoundError
from oim.kit.i18n import Language, mark, translator

MEDIA_TYPES = {
    "style.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "app.js": "text/javascript; charset=utf-8",
    "sw.js": "text/javascript; charset=utf-8",
}
CACHE_FOREVER = "public, max-age=31536000, immutable"

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as served, and the fingerprint of its content."""

    content: bytes
    fingerprint: str


@cache
def _load_assets() -> dict[str, Asset]:
    folder = resources.files("oim.channels.web") / "static"
    contents = {name: (folder / name).read_bytes() for name in MEDIA_TYPES}
    return {name: Asset(content, sha256(content).hexdigest()[:10]) for name, content in contents.items()}


def asset_url(name: str) -> str:
    """Where a file is served."""
    return f"/static/{name}?v={_load_assets()[name].fingerprint}"


@router.get("/sw.js")
def service_worker() -> Response:
    """The worker, from where it may serve every page; browsers ask for it anew each day."""
    headers = {"Cache-Control": "no-cache"}
    return Response(_load_assets()["sw.js"].content, media_type=MEDIA_TYPES["sw.js"], headers=headers)


@router.get("/{language}/manifest.webmanifest")
def manifest(language: Language) -> Response:
    """What a telephone needs to put OIM on its first screen."""
    t = translator(language)
    told = {
        "name": t("OIM: work, training, small business in Cameroon"),
        "short_name": "OIM",
        "lang": language,
        "start_url": f"/{language}/",
        "scope": "/",
        "display": "minimal-ui",
        "background_color": "#fbf7ef",
        "theme_color": "#16130f",
        "icons": [{"src": asset_url("icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }
    return Response(json.dumps(told, ensure_ascii=False), media_type="application/manifest+json")


@router.get("/static/{name}")
def static(name: str, v: str = "") -> Response:
    """A file. Without its present fingerprint it is served too, but not kept."""
    asset = _load_assets().get(name)
    if asset is None:
        raise NotFoundError(mark("There is no such file here."))
    kept = CACHE_FOREVER if v == asset.fingerprint else "no-cache"
    return Response(asset.content, media_type=MEDIA_TYPES[name], headers={"Cache-Control": kept})
