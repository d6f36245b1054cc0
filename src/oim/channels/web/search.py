"""The listing of open offers, for everybody: searched by words and conditions, page by page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from oim.channels.http.costs import cost_of_search
from oim.channels.http.services import Services, ServicesOf
from oim.channels.http.threads import TextRoute
from oim.channels.web.offer_views import build_card_view
from oim.channels.web.options import Choices, build_options
from oim.channels.web.pages import READ_METHODS, PageContext, PageOf
from oim.channels.web.search_form import WITHIN_REGION, SearchForm, parse_search_form
from oim.channels.wording import CONTRACTS, KINDS, OFFER_LANGUAGES, SECTORS, render_search
from oim.features.access import STRANGER, Actor, Role
from oim.features.following import FoundOffers, find_dismissed_ids, find_offers
from oim.kit.clock import now
from oim.kit.i18n import Translator, format_date, format_distance, mark

PAGE_SIZE = 20
# The choices of two lists of the form. An address may hold any other number, which then joins its list.
DISTANCES_KM = (5, 20, 50, 100)
POSTED_WITHIN_DAYS = (7, 30)

router = APIRouter(route_class=TextRoute)  # served once under each language

# Conditions that a search without results can drop: the fields to drop together (a distance means nothing
# without its town), and the text of the link, which says what is shown then.
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
    (("closing",), mark("Whatever the closing date")),
    (("open",), mark("Those too that will not be open that day")),
    (("posted",), mark("Published at any time")),
    (("language",), mark("Offers in every language")),
    (("answer",), mark("Those too that do not say how to answer")),
)


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """The choices of the search form that no other form has."""

    kinds: Choices
    within: Choices
    sectors: Choices
    contracts: Choices
    posted: Choices
    languages: Choices


@router.api_route("/opportunities", methods=READ_METHODS)
def list_offers(page: PageOf, services: ServicesOf, after: str = "") -> HTMLResponse:
    """Show a page of the open offers that meet the search, after the cursor `after`.

    The best matches come first if the search has words, else the newest.
    """
    query = page.request.query_params
    form = parse_search_form({name: query.getlist(name) for name in query}, page.t)
    if form.errors:
        return _render(page, form, FoundOffers((), None), 400)
    words_only = page.spend_search(cost_of_search(form.search.words))
    dismissed_ids = _load_dismissed_ids(page.actor, services)
    results = find_offers(
        services.database,
        services.engine,
        form.search,
        after or None,
        PAGE_SIZE,
        exclude=dismissed_ids,
        known=page.actor is not STRANGER,
        words_only=words_only,
    )
    return _render(page, form, results)


def _load_dismissed_ids(actor: Actor, services: Services) -> Collection[UUID]:
    """The ids of the offers that the visitor dismissed; none for strangers and staff."""
    if actor.role is not Role.PERSON or actor.id is None:
        return ()
    with services.database.read() as session:
        return find_dismissed_ids(session, actor.id)


def _render(page: PageContext, form: SearchForm, results: FoundOffers, status: int = 200) -> HTMLResponse:
    """Render the listing. With errors in the form there are no results, only the form to correct."""
    t, at = page.t, now()
    response = page.render(
        "offers.html",
        status,
        words_only=results.words_only,
        form=form,
        options=build_options(t),
        search_options=_build_search_options(form, t),
        search_text=render_search(form.search, t) if form.fields else None,
        offers=[build_card_view(offer, t, at) for offer in results.items],
        # The whole search stands in the address of the next page: nothing is stored between pages.
        next=results.next and form.to_query_string(after=results.next),
        relaxations=_list_relaxations(form, t),
    )
    if results.words_only:  # a moment later there may be more
        response.headers["Cache-Control"] = "no-store"
    return response


def _list_relaxations(form: SearchForm, t: Translator) -> Choices:
    """For each condition of the search, the query without it, and the text of the link."""
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
        languages=[(code, t(words)) for code, words in OFFER_LANGUAGES.items()],
    )


def _list_distances(selected: str, t: Translator) -> Choices:
    """The distances that the form offers, and any other that the address holds."""
    # The length is checked before `int`, which must not convert a number of a million digits; "1000" is the
    # longest that the form accepts.
    requested = {int(selected)} if selected.isdecimal() and len(selected) <= len("1000") else set()
    distances = [
        (str(km), t("up to %(distance)s away", distance=format_distance(km, t.language)))
        for km in sorted({*DISTANCES_KM, *requested})
    ]
    return [*distances, (WITHIN_REGION, t("in its whole region"))]


def _list_posted_choices(form: SearchForm, t: Translator) -> Choices:
    """The numbers of days that the form offers, and any other number or day that the address holds."""
    choices = [(str(days), t("within %(count)s days", count=days)) for days in POSTED_WITHIN_DAYS]
    selected, since = form.value("posted"), form.search.posted_since
    if since is None or selected in dict(choices):
        return choices
    return [*choices, (selected, t("since %(day)s", day=format_date(since, t.language)))]
