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
from oim.channels.web.search_form import SORT_FIELD, WITHIN_REGION, SearchForm, parse_search_form
from oim.channels.wording import CONTRACTS, KINDS, OFFER_LANGUAGES, SECTORS, place_name, render_criteria
from oim.features import profile
from oim.features.access import STRANGER, Actor, Role
from oim.features.following import FoundOffers, find_dismissed_ids, find_offers
from oim.features.opportunities import Order, Sort
from oim.kit.clock import now
from oim.kit.i18n import Translator, format_date, format_distance, mark

PAGE_SIZE = 20
# The choices of two lists of the form. An address may hold any other number, which then joins its list.
DISTANCES_KM = (5, 20, 50, 100)
POSTED_WITHIN_DAYS = (7, 30)

router = APIRouter(route_class=TextRoute)  # served once under each language

# Conditions that a search can drop, by the field of `Search`: the fields of the form to drop together (a
# distance means nothing without its town), and what is shown then, for a search without results.
_RELAXATIONS = {
    "words": (("words",), mark("Without the words")),
    "kinds": (("kind",), mark("Every kind of offer")),
    "region": (("region",), mark("Every region")),
    "near": (("town", "within"), mark("Every town")),
    "sectors": (("sector",), mark("Every sector")),
    "education": (("education",), mark("Every level of schooling")),
    "contracts": (("contract",), mark("Every contract")),
    "amount_min": (("amount",), mark("Every amount")),
    "free_only": (("free",), mark("Courses to be paid for too")),
    "closing_before": (("closing",), mark("Whatever the closing date")),
    "open_on": (("open",), mark("Those too that will not be open that day")),
    "posted_since": (("posted",), mark("Published at any time")),
    "language": (("language",), mark("Offers in every language")),
    "answerable_only": (("answer",), mark("Those too that do not say how to answer")),
}


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """The choices of the search form that no other form has."""

    kinds: Choices
    within: Choices
    sectors: Choices
    contracts: Choices
    posted: Choices
    languages: Choices


@dataclass(frozen=True, slots=True)
class SortChoice:
    """An order in which the offers can be shown: the query that shows them so, and its name."""

    query: str
    text: str
    is_current: bool


@router.api_route("/opportunities", methods=READ_METHODS)
def list_offers(page: PageOf, services: ServicesOf, after: str = "") -> HTMLResponse:
    """Show a page of the open offers that meet the search, after the cursor `after`.

    The best matches come first if the search has words, else the newest, unless `sort` says otherwise.
    """
    query = page.request.query_params
    form = parse_search_form({name: query.getlist(name) for name in query}, page.t)
    if form.errors:
        return _render(page, form, FoundOffers((), None), status=400)
    words_only = page.spend_search(cost_of_search(form.search.words))
    order = _find_order(page.actor, services, form)
    dismissed_ids = _load_dismissed_ids(page.actor, services)
    results = find_offers(
        services.database,
        services.engine,
        form.search,
        after or None,
        PAGE_SIZE,
        order=order,
        counts=not after,  # the first page says how many there are
        exclude=dismissed_ids,
        known=page.actor is not STRANGER,
        words_only=words_only,
    )
    return _render(page, form, results, order, after)


def _load_dismissed_ids(actor: Actor, services: Services) -> Collection[UUID]:
    """The ids of the offers that the visitor dismissed; none for strangers and staff."""
    if actor.role is not Role.PERSON or actor.id is None:
        return ()
    with services.database.read() as session:
        return find_dismissed_ids(session, actor.id)


def _find_order(actor: Actor, services: Services, form: SearchForm) -> Order | None:
    """The order that the visitor chose; None for the usual one, and where it is not known what is near."""
    if form.sort is not Sort.NEAREST:
        return Order(form.sort)
    place = form.search.near or _load_home(actor, services)
    return Order(form.sort, place) if place else None


def _load_home(actor: Actor, services: Services) -> str | None:
    """The code of the place where the visitor lives, as precisely as they said it; None for strangers."""
    if actor.role is not Role.PERSON or actor.id is None:
        return None
    with services.database.write() as session:
        record = profile.load_record(session, actor, actor.id)
    return record.commune or record.department or record.region


def _render(
    page: PageContext,
    form: SearchForm,
    results: FoundOffers,
    order: Order | None = None,
    after: str = "",
    *,
    status: int = 200,
) -> HTMLResponse:
    """Render the listing. With errors in the form there are no results, only the form to correct."""
    t, at = page.t, now()
    response = page.render(
        "offers.html",
        status,
        words_only=results.words_only,
        form=form,
        options=build_options(t),
        search_options=_build_search_options(form, t),
        total=t.plural("%(count)s open offer", "%(count)s open offers", results.total)
        if results.total
        else None,
        chips=_list_chips(form, t),
        sorts=_list_sorts(page, form),
        needs_home=order is None and not form.errors,
        back=_find_back(form, after, t),
        offers=[build_card_view(offer, t, at) for offer in results.items],
        # The whole search stands in the address of the next page: nothing is stored between pages.
        next=results.next and form.to_query_string(after=results.next),
        relaxations=_list_relaxations(form, t),
    )
    if results.words_only:  # a moment later there may be more
        response.headers["Cache-Control"] = "no-store"
    return response


def _find_back(form: SearchForm, after: str, t: Translator) -> str | None:
    """What offers are opened with, to come back to this page; None for the list as it is without a search."""
    query = form.to_query_string(**({"after": after} if after else {}))
    return f"/{t.language}/opportunities{query}" if query else None


def _list_chips(form: SearchForm, t: Translator) -> Choices:
    """For each condition of the search, the query without it, and the condition in words."""
    return [
        (form.to_query_string(_RELAXATIONS[name][0]), text)
        for name, text in render_criteria(form.search, t, form.value("town")).items()
    ]


def _list_sorts(page: PageContext, form: SearchForm) -> list[SortChoice]:
    """The orders in which the offers can be shown, the usual one first."""
    t, has_words, near = page.t, bool(form.search.words), form.search.near
    choices = {"": t("Best match first") if has_words else t("Newest first")}
    if has_words:
        choices[Sort.NEWEST] = t("Newest first")
    choices[Sort.CLOSING] = t("Closing soon first")
    if near:
        place = form.value("town") or place_name(near, t)
        choices[Sort.NEAREST] = t("Nearest to %(place)s first", place=place)
    elif page.actor.role is Role.PERSON:
        choices[Sort.NEAREST] = t("Nearest to my home first")
    current = form.sort if form.sort in choices else ""
    return [
        SortChoice(
            form.to_query_string([SORT_FIELD], **({SORT_FIELD: sort} if sort else {})), text, sort == current
        )
        for sort, text in choices.items()
    ]


def _list_relaxations(form: SearchForm, t: Translator) -> Choices:
    """For each condition of the search, the query without it, and the text of the link."""
    return [
        (form.to_query_string(names), t(words))
        for names, words in _RELAXATIONS.values()
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
