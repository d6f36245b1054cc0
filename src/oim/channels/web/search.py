"""The open offers: searched by words and conditions, page by page, for everybody."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from oim.channels.http.services import Services, ServicesOf
from oim.channels.web.offer_views import build_card_view
from oim.channels.web.options import Choices, build_options
from oim.channels.web.pages import READ_METHODS, PageContext, PageOf
from oim.channels.web.search_form import WITHIN_REGION, SearchForm, parse_search_form
from oim.channels.wording import CONTRACTS, KINDS, SECTORS, render_search
from oim.features.access import Actor, Role
from oim.features.following import find_dismissed_ids, find_offers
from oim.features.opportunities import Page
from oim.kit.clock import now
from oim.kit.i18n import Translator, format_date, format_distance, mark

PAGE_SIZE = 20
DISTANCES_KM = (5, 20, 50, 100)  # km
POSTED_WITHIN_DAYS = (7, 30)

router = APIRouter()  # served once under each language

# What may be left out of a search that finds nothing: fields that go together, and what is then shown.
_RELAXATIONS = (
    (("words",), mark("Without the words")),
    (("kind",), mark("Every kind of offer")),
    (("region",), mark("Every region")),
    (("town", "within"), mark("Every town")),
    (("sector",), mark("Every sector")),
    (("education",), mark("Every level of schooling")),
    (("contract",), mark("Every contract")),
    (("amount",), mark("Every amount")),
    (("free",), mark("Courses to be paid for too")),
    (("closing",), mark("Whenever they close")),
    (("open",), mark("Those too that will not be open that day")),
    (("posted",), mark("Published at any time")),
)


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """The choices of the search that no other form has."""

    kinds: Choices
    within: Choices
    sectors: Choices
    contracts: Choices
    posted: Choices


@router.api_route("/opportunities", methods=READ_METHODS)
def list_offers(page: PageOf, services: ServicesOf, after: str = "") -> HTMLResponse:
    """The open offers that meet what is asked: the most fitting first for words, else the newest."""
    query = page.request.query_params
    form = parse_search_form({name: query.getlist(name) for name in query}, page.t)
    if form.errors:
        return _render(page, form, Page((), None), 400)
    aside = _load_dismissed_ids(page.actor, services)
    results = find_offers(
        services.database, services.engine, form.search, after or None, PAGE_SIZE, exclude=aside
    )
    return _render(page, form, results)


def _load_dismissed_ids(actor: Actor, services: Services) -> Collection[UUID]:
    """The offers that who is signed in put aside."""
    if actor.role is not Role.PERSON or actor.id is None:
        return ()
    with services.database.read() as session:
        return find_dismissed_ids(session, actor.id)


def _render(page: PageContext, form: SearchForm, results: Page, status: int = 200) -> HTMLResponse:
    t, at = page.t, now()
    return page.render(
        "offers.html",
        status,
        form=form,
        options=build_options(t),
        search_options=_build_search_options(form, t),
        search_text=render_search(form.search, t) if form.fields else None,
        offers=[build_card_view(offer, t, at) for offer in results.items],
        next=results.next and form.to_query_string(after=results.next),
        relaxations=_list_relaxations(form, t),
    )


def _list_relaxations(form: SearchForm, t: Translator) -> Choices:
    """For each condition the query without it, and what that shows."""
    return [
        (form.to_query_string(names), t(words))
        for names, words in _RELAXATIONS
        if any(name in form.fields for name in names)
    ]


def _build_search_options(form: SearchForm, t: Translator) -> SearchOptions:
    return SearchOptions(
        kinds=[(kind.value, t(words)) for kind, words in KINDS.items()],
        within=_list_distances(form.value("within"), t),
        sectors=[(sector.value, t(words)) for sector, words in SECTORS.items()],
        contracts=[(contract.value, t(words)) for contract, words in CONTRACTS.items()],
        posted=_list_posted_choices(form, t),
    )


def _list_distances(selected: str, t: Translator) -> Choices:
    """Distances, with any other that the address asks for."""
    asked = {int(selected)} if selected.isdecimal() and len(selected) <= len("1000") else set()
    distances = [
        (str(km), t("up to %(distance)s away", distance=format_distance(km, t.language)))
        for km in sorted({*DISTANCES_KM, *asked})
    ]
    return [*distances, (WITHIN_REGION, t("in its whole region"))]


def _list_posted_choices(form: SearchForm, t: Translator) -> Choices:
    """Numbers of days, with the day that the address asks for."""
    days = [(str(days), t("within %(count)s days", count=days)) for days in POSTED_WITHIN_DAYS]
    chosen, since = form.value("posted"), form.search.posted_since
    if since is None or chosen in dict(days):
        return days
    return [*days, (chosen, t("since %(day)s", day=format_date(since, t.language)))]
