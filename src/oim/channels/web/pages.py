"""Rendering of pages: the templates, and the context that a request brings to each of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from oim.channels.http.costs import spend_points, spend_search_points
from oim.channels.http.operator import Operator
from oim.channels.http.requests import client_address
from oim.channels.http.responses import retry_headers
from oim.channels.http.services import Services
from oim.channels.web.authentication import ActorOf
from oim.channels.web.back_links import find_parent
from oim.channels.web.drafts import DRAFT_QUERY, find_draft
from oim.channels.web.form import Form
from oim.channels.web.notices import NOTICE_COOKIE, delete_notice, render_notice, set_notice
from oim.channels.web.security import safe_next_path
from oim.channels.web.statuses import Status, status_of
from oim.channels.web.template_environment import TEMPLATES
from oim.channels.web.unsent_forms import find_own_page, forget_unsent_form, load_unsent_form, refill
from oim.channels.wording import render_fault, render_moment
from oim.features.access import STRANGER, Actor, Role
from oim.features.sign_in import find_budget_faults
from oim.kit.errors import OimError
from oim.kit.i18n import LANGUAGES, Language, Translator, negotiate_language, translator

READ_METHODS = ["GET", "HEAD"]

LANGUAGE_NAMES: dict[Language, str] = {"fr": "Français", "en": "English"}

# Pages that strangers open and that must not be cached all the same: `/fr/sign-in/code`, `/en/staff/sign-in`,
# the link that cancels a new PIN, and the thanks for a report, which tell that somebody was there.
_PRIVATE_PATH = re.compile(r"^/[a-z]+/(sign-in|staff|pin|reported)(/|$)")
_OFFERS_PATH = re.compile(r"^/[a-z]+/(opportunities|recommendations)(/|$)")
PUBLIC_MAX_AGE = 60  # seconds for which a browser may keep what strangers get by GET
PUBLIC_CACHE_CONTROL = f"private, max-age={PUBLIC_MAX_AGE}"


@dataclass(frozen=True, slots=True)
class PageContext:
    """A request for a page: its language, as translator `t`, and the visitor who sent it."""

    request: Request
    t: Translator
    actor: Actor = STRANGER

    def render(self, template: str, status: Status = 200, **values: Any) -> HTMLResponse:
        """Render a template as a response, with `values` besides what every page needs.

        `status`: a number, or the error that the page shows, which says too when to try again. Browsers may
        cache only what strangers get by GET, and for one minute.
        """
        context = {
            **{"t": self.t, "language_links": self._language_links(), "actor": self.actor},
            "faults": values["faults"] if "faults" in values else self.describe_faults(),
            "done": (notice := self._find_notice()),
            "operator": self.operator,
            "sign_in_next": self._find_next(),
            "parent": find_parent(self.request.scope["path"], self.request.query_params, self.t),
            **values,
            **self._refill_form(values.get("form")),
        }
        is_public = self.actor is STRANGER and not _PRIVATE_PATH.search(self.request.url.path)
        is_draft = find_draft(self.request) is not None
        can_cache = self.request.method == "GET" and status == 200 and is_public and not is_draft
        response = HTMLResponse(
            TEMPLATES.get_template(template).render(context),
            status_of(status) if isinstance(status, OimError) else status,
            {
                "Cache-Control": PUBLIC_CACHE_CONTROL if can_cache else "no-store",
                "Content-Language": self.t.language,
                # Signing in changes the cookie, so a page cached before it is not shown after it.
                "Vary": "Cookie",
                **(retry_headers(status) if isinstance(status, OimError) else {}),
            },
        )
        if notice:
            delete_notice(response)
        return response

    @property
    def operator(self) -> Operator:
        """Who runs this instance, as every page says."""
        services: Services = self.request.app.state.services
        return services.operator

    def spend(self, points: int) -> None:
        """Take points of the visitor for what the page is about to do. Raises TooManyError."""
        services: Services = self.request.app.state.services
        spend_points(services, self.actor, client_address(self.request), points)

    def spend_search(self, points: int) -> bool:
        """Take points for finding offers; return whether to find them by words alone. Raises TooManyError."""
        services: Services = self.request.app.state.services
        return spend_search_points(services, self.actor, self.request, points)

    def redirect(self, path: str, *, done: str = "") -> RedirectResponse:
        """Redirect to another page in this language. `path` has no leading slash: `me/saved`.

        `done` is the name of the notice that the page shows once (`notices.NOTICES`).
        """
        return self._redirect_to(f"/{self.t.language}/{path}", done)

    def redirect_back(
        self, next_: str, fallback: str, fragment: str = "", *, done: str = ""
    ) -> RedirectResponse:
        """Redirect to `next_`, the page a form came from, if it is one of ours; else to `fallback`.

        `fragment`, such as `#saved`, is added to either and leads to a place on the page.
        """
        url = safe_next_path(next_) or f"/{self.t.language}/{fallback}"
        return self._redirect_to(f"{url}{fragment}", done)

    def _redirect_to(self, url: str, done: str) -> RedirectResponse:
        """Redirect after a form that was right, so that an earlier one is not shown again."""
        # 303: the browser goes on with GET, and a reload does not send the form again.
        response = RedirectResponse(url, 303, {"Cache-Control": "no-store"})
        if done:
            set_notice(response, done)
        forget_unsent_form(self.request, response, self.actor)
        return response

    def _refill_form(self, form: Form | None) -> dict[str, Any]:
        """The form of the page as it was typed when the visitor's session had timed out, or the question.

        Nobody knows who typed it: whoever is signed in now says first that it was them.
        """
        draft, unsent = find_draft(self.request), None
        if type(form) is Form and draft is None:  # a search form is made from the address, still there
            unsent = load_unsent_form(self.request, self.request.app.state.services, self.actor)
        is_claimed = unsent is not None and unsent.is_claimed
        values: dict[str, Any] = {"is_refilled": is_claimed, "typed_at": "", "this_page": ""}
        if form is not None and draft is not None:
            return values | {"form": replace(form, fields=draft)}
        if form is None or unsent is None:
            return values
        if is_claimed:
            return values | {"form": refill(form, unsent)}
        query = self.request.url.query
        this_page = unsent.page + (f"?{query}" if query else "")
        return values | {"typed_at": render_moment(unsent.typed_at, self.t), "this_page": this_page}

    def _find_notice(self) -> str:
        """The notice of what the visitor has just done; pages that are cached for strangers show none."""
        if self.actor is STRANGER and not _PRIVATE_PATH.search(self.request.url.path):
            return ""
        return render_notice(self.request.cookies.get(NOTICE_COOKIE), self.t)

    def describe_faults(self) -> list[str]:
        """What of OIM does not work or costs too much, for administrators: they alone can do something."""
        if self.actor.role is not Role.ADMINISTRATOR:
            return []
        services: Services = self.request.app.state.services
        faults = (*services.find_faults(), *find_budget_faults(services.sign_in.cache))
        return [render_fault(fault, self.t) for fault in faults]

    def _find_next(self) -> str:
        """The page of offers that a stranger comes back to after signing in; empty for any other page."""
        url = self.request.url
        address = f"{url.path}?{url.query}" if url.query else url.path
        is_of_offers = self.request.method == "GET" and _OFFERS_PATH.search(url.path)
        return (is_of_offers and safe_next_path(address)) or ""

    def _language_links(self) -> list[dict[str, str]]:
        """The same page in the other languages; for a path without a language, their home pages.

        `draft`: the address to which a form of the page is posted to be shown there as it was typed.
        """
        # What a form is sent to may be no page: then the one that it lies on, as after an error.
        scope = self.request.scope
        path = (find_own_page(self.request) or "/") if self.request.method == "POST" else scope["path"]
        # "/fr/me/cv/" is split into "", "fr" and "me/cv/". Without the slash added, "/fr" has no third part.
        _, prefix, path = (path + "/").split("/", 2)
        query = scope["query_string"].decode("ascii", "replace")
        path = path.rstrip("/") if prefix in LANGUAGES else ""
        suffix, draft = path + (f"?{query}" if query else ""), f"{path}?{query}{'&' if query else ''}"
        return [
            {
                "language": language,
                "name": LANGUAGE_NAMES[language],
                "href": f"/{language}/{suffix}",
                "draft": f"/{language}/{draft}{DRAFT_QUERY}",
            }
            for language in LANGUAGES
            if language != self.t.language
        ]


def create_page_context(request: Request) -> PageContext:
    """Create the context of a request, in the language of its path, else in the browser's.

    The visitor is the one that a dependency has looked up already, else a stranger: an error page must not
    need the session store, which may be what failed.
    """
    prefix = request.scope["path"].split("/")[1]
    language = prefix if prefix in LANGUAGES else negotiate_language(request.headers.get("accept-language"))
    return PageContext(request, translator(language), getattr(request.state, "actor", None) or STRANGER)


async def _get_page(request: Request, actor: ActorOf) -> PageContext:
    """The context of a request to a page, whose visitor was looked up."""
    return PageContext(request, create_page_context(request).t, actor)


PageOf = Annotated[PageContext, Depends(_get_page)]
