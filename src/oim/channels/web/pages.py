"""Rendering: the templates, and what each page needs of its visit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from oim.channels.web.assets import address
from oim.kit.i18n import LANGUAGES, Language, Translator, negotiate, translator

NAMES: dict[Language, str] = {"fr": "Français", "en": "English"}
OTHER: dict[Language, Language] = {"fr": "en", "en": "fr"}

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
    """One request for a page, in one language."""

    request: Request
    t: Translator

    def render(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A page. Only the answer to a harmless question may be kept, and shortly."""
        context = {"t": self.t, "other": self._other(), **values}
        keep = self.request.method == "GET" and status == 200
        return HTMLResponse(
            _templates.get_template(template).render(context),
            status,
            {
                "Cache-Control": "private, max-age=60" if keep else "no-store",
                "Content-Language": self.t.language,
            },
        )

    def _other(self) -> dict[str, str]:
        """The same page in the other language."""
        language = OTHER[self.t.language]
        _, first, rest = (self.request.scope["path"] + "/").split("/", 2)
        same = f"/{language}/{rest.rstrip('/')}" if first in LANGUAGES else f"/{language}/"
        query = self.request.scope["query_string"].decode("ascii", "replace")
        return {"language": language, "name": NAMES[language], "href": f"{same}?{query}" if query else same}


def visit_of(request: Request) -> Visit:
    """The visit in the language of its path, else in the browser's."""
    first = request.scope["path"].split("/")[1]
    language = first if first in LANGUAGES else negotiate(request.headers.get("accept-language"))
    return Visit(request, translator(language))


VisitOf = Annotated[Visit, Depends(visit_of)]
