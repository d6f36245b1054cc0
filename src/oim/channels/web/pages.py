"""Rendering: the templates, and what each page needs of its visit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from oim.channels.web.assets import asset_url
from oim.channels.web.authentication import ActorOf
from oim.channels.web.security import safe_next_path
from oim.features.access import STRANGER, Actor
from oim.kit.i18n import LANGUAGES, Language, Translator, negotiate_language, translator

READ_METHODS = ["GET", "HEAD"]

LANGUAGE_NAMES: dict[Language, str] = {"fr": "Français", "en": "English"}

_PRIVATE_PATH = re.compile(r"^/[a-z]+/(sign-in|staff)(/|$)")  # pages of strangers with something to hide
_templates = Environment(
    loader=PackageLoader("oim.channels.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals["asset"] = asset_url


@dataclass(frozen=True, slots=True)
class PageContext:
    """One request for a page, in one language, by somebody."""

    request: Request
    t: Translator
    actor: Actor = STRANGER

    def render(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A page. Only what strangers get for a harmless question may be kept, and shortly."""
        context = {"t": self.t, "language_links": self._language_links(), "actor": self.actor, **values}
        stranger = self.actor is STRANGER and not _PRIVATE_PATH.search(self.request.url.path)
        keep = self.request.method == "GET" and status == 200 and stranger
        return HTMLResponse(
            _templates.get_template(template).render(context),
            status,
            {
                "Cache-Control": "private, max-age=60" if keep else "no-store",
                "Content-Language": self.t.language,
                "Vary": "Cookie",
            },
        )

    def redirect(self, path: str) -> RedirectResponse:
        """On to another page of this language: `me/saved`."""
        return RedirectResponse(f"/{self.t.language}/{path}", 303, {"Cache-Control": "no-store"})

    def redirect_back(self, next_: str, fallback: str, fragment: str = "") -> RedirectResponse:
        """To the page that a form came from where it is ours, else as `redirect`; to a place on it."""
        url = safe_next_path(next_) or f"/{self.t.language}/{fallback}"
        return RedirectResponse(f"{url}{fragment}", 303, {"Cache-Control": "no-store"})

    def _language_links(self) -> list[dict[str, str]]:
        """The same page in the other languages."""
        _, first, rest = (self.request.scope["path"] + "/").split("/", 2)
        query = self.request.scope["query_string"].decode("ascii", "replace")
        place = (rest.rstrip("/") if first in LANGUAGES else "") + (f"?{query}" if query else "")
        return [
            {"language": one, "name": LANGUAGE_NAMES[one], "href": f"/{one}/{place}"}
            for one in LANGUAGES
            if one != self.t.language
        ]


def create_page_context(request: Request) -> PageContext:
    """The visit in the language of its path, else in the browser's; by whom, if that was found out."""
    first = request.scope["path"].split("/")[1]
    language = first if first in LANGUAGES else negotiate_language(request.headers.get("accept-language"))
    return PageContext(request, translator(language), getattr(request.state, "actor", None) or STRANGER)


def _get_page(request: Request, actor: ActorOf) -> PageContext:
    language = create_page_context(request).t
    return PageContext(request, language, actor)


PageOf = Annotated[PageContext, Depends(_get_page)]
