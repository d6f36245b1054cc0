"""The open offers: searched by words and conditions, page by page, for everybody."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from oim.channels.web.offer_views import card_view
from oim.channels.web.offers import READ
from oim.channels.web.options import Choices, options
from oim.channels.web.pages import Visit, VisitOf
from oim.channels.web.search_form import IN_REGION, Sought, read
from oim.channels.web.services import Services, ServicesOf
from oim.channels.wording import CONTRACTS, KINDS, SECTORS, render_search
from oim.features.access import Actor, Role
from oim.features.following import dismissed_ids, look
from oim.features.opportunities import Page
from oim.kit.clock import now
from oim.kit.i18n import Translator, format_date, format_distance, mark

LISTED = 20
AROUND = (5, 20, 50, 100)  # km
DAYS = (7, 30)

router = APIRouter()  # served once under each language

# What may be left out of a search that finds nothing: fields that go together, and what is then shown.
_LOOSER = (
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
class Choosing:
    """The choices of the search that no other form has."""

    kinds: Choices
    within: Choices
    sectors: Choices
    contracts: Choices
    posted: Choices


@router.api_route("/opportunities", methods=READ)
def listing(visit: VisitOf, services: ServicesOf, after: str = "") -> HTMLResponse:
    """The open offers that meet what is asked: the most fitting first for words, else the newest."""
    query = visit.request.query_params
    sought = read({name: query.getlist(name) for name in query}, visit.t)
    if sought.errors:
        return _page(visit, sought, Page((), None), 400)
    aside = _aside(visit.actor, services)
    page = look(services.database, services.engine, sought.wanted, after or None, LISTED, without=aside)
    return _page(visit, sought, page)


def _aside(actor: Actor, services: Services) -> Collection[UUID]:
    """The offers that who is signed in put aside."""
    if actor.role is not Role.PERSON or actor.id is None:
        return ()
    with services.database.read() as session:
        return dismissed_ids(session, actor.id)


def _page(visit: Visit, sought: Sought, page: Page, status: int = 200) -> HTMLResponse:
    t, at = visit.t, now()
    return visit.render(
        "offers.html",
        status,
        form=sought,
        options=options(t),
        choosing=_choosing(sought, t),
        told=render_search(sought.wanted, t) if sought.typed else None,
        offers=[card_view(offer, t, at) for offer in page.items],
        next=page.next and sought.query(after=page.next),
        looser=_looser(sought, t),
    )


def _looser(sought: Sought, t: Translator) -> Choices:
    """For each condition the query without it, and what that shows."""
    return [
        (sought.query(names), t(words))
        for names, words in _LOOSER
        if any(name in sought.typed for name in names)
    ]


def _choosing(sought: Sought, t: Translator) -> Choosing:
    return Choosing(
        kinds=[(kind.value, t(words)) for kind, words in KINDS.items()],
        within=_within(sought.value("within"), t),
        sectors=[(sector.value, t(words)) for sector, words in SECTORS.items()],
        contracts=[(contract.value, t(words)) for contract, words in CONTRACTS.items()],
        posted=_posted(sought, t),
    )


def _within(chosen: str, t: Translator) -> Choices:
    """Distances, with any other that the address asks for."""
    asked = {int(chosen)} if chosen.isdecimal() and len(chosen) <= len("1000") else set()
    distances = [
        (str(km), t("up to %(distance)s away", distance=format_distance(km, t.language)))
        for km in sorted({*AROUND, *asked})
    ]
    return [*distances, (IN_REGION, t("in its whole region"))]


def _posted(sought: Sought, t: Translator) -> Choices:
    """Numbers of days, with the day that the address asks for."""
    days = [(str(days), t("within %(count)s days", count=days)) for days in DAYS]
    chosen, since = sought.value("posted"), sought.wanted.posted_since
    if since is None or chosen in dict(days):
        return days
    return [*days, (chosen, t("since %(day)s", day=format_date(since, t.language)))]
