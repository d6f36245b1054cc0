"""Rendering: the templates, and what each page needs of its visit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from oim.channels.web.assets import address
from oim.channels.web.authentication import VisitorOf
from oim.channels.web.security import own_path
from oim.features.access import STRANGER, Actor
from oim.kit.i18n import LANGUAGES, Language, Translator, negotiate_language, translator

NAMES: dict[Language, str] = {"fr": "Français", "en": "English"}

_SECRET = re.compile(r"^/[a-z]+/(sign-in|staff)(/|$)")  # pages of strangers with something to hide
_templates = Environment(
    loader=PackageLoader("oim.channels.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.globals["asset"] = address


@dataclass(frozen=True, slots=True)
class Visit:
    """One request for a page, in one language, by somebody."""

    request: Request
    t: Translator
    actor: Actor = STRANGER

    def render(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A page. Only what strangers get for a harmless question may be kept, and shortly."""
        context = {"t": self.t, "switches": self._others(), "actor": self.actor, **values}
        stranger = self.actor is STRANGER and not _SECRET.search(self.request.url.path)
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

    def go(self, path: str) -> RedirectResponse:
        """On to another page of this language: `me/saved`."""
        return RedirectResponse(f"/{self.t.language}/{path}", 303, {"Cache-Control": "no-store"})

    def back(self, next_: str, otherwise: str, place: str = "") -> RedirectResponse:
        """To the page that a form came from where it is ours, else as `go`; to a place on it."""
        page = own_path(next_) or f"/{self.t.language}/{otherwise}"
        return RedirectResponse(f"{page}{place}", 303, {"Cache-Control": "no-store"})

    def _others(self) -> list[dict[str, str]]:
        """The same page in the other languages."""
        _, first, rest = (self.request.scope["path"] + "/").split("/", 2)
        query = self.request.scope["query_string"].decode("ascii", "replace")
        place = (rest.rstrip("/") if first in LANGUAGES else "") + (f"?{query}" if query else "")
        return [
            {"language": one, "name": NAMES[one], "href": f"/{one}/{place}"}
            for one in LANGUAGES
            if one != self.t.language
        ]


def visit_of(request: Request) -> Visit:
    """The visit in the language of its path, else in the browser's; by whom, if that was found out."""
    first = request.scope["path"].split("/")[1]
    language = first if first in LANGUAGES else negotiate_language(request.headers.get("accept-language"))
    return Visit(request, translator(language), getattr(request.state, "actor", None) or STRANGER)


def _visit(request: Request, actor: VisitorOf) -> Visit:
    language = visit_of(request).t
    return Visit(request, language, actor)


VisitOf = Annotated[Visit, Depends(_visit)]
