"""Answering an offer: the buttons of its ways, and the page that shows a number or a place to go to.

A button leads to a page of ours first: it warns of fraud, shows what people with another telephone dial by
hand, and is where opening a way is recorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Response

from oim.channels.http.services import ServicesOf
from oim.channels.web.event_recording import ListParameter, create_way_task, parse_list_id
from oim.channels.web.pages import READ_METHODS, PageOf
from oim.channels.web.redirect_page import build_link, has_page
from oim.channels.wording import WAYS, build_way_uri, render_warning, render_way_advice, render_way_value
from oim.features import opportunities
from oim.features.opportunities import Opportunity, Way, WayKind
from oim.kit.errors import NotFoundError
from oim.kit.i18n import Translator, mark

router = APIRouter(prefix="/opportunities/{id_}/answer")
_GONE = mark("The offer does not give this way to answer any more. Open it again to see how to answer.")


@dataclass(frozen=True, slots=True)
class WayView:
    """One way to answer, as a button."""

    kind: str
    label: str
    path: str  # without slash and language
    value: str  # what is behind the button: a number, a host, an address
    hours: str


@dataclass(frozen=True, slots=True)
class ContactView:
    """A number, an address or a place, and the link that opens a telephone's own program for it."""

    value: str
    uri: str | None
    hours: str


def build_way_views(offer: Opportunity, t: Translator, list_id: UUID | None = None) -> list[WayView]:
    """Build the buttons of an offer's ways, each kind once, those first that most people can use."""
    ways = [way for way in offer.ways if way.kind is not WayKind.LINK or has_page(offer)]
    first = {way.kind: way for way in reversed(ways)}
    ordered = dict.fromkeys(way.kind for way in ways)
    query = f"?list={list_id.hex}" if list_id else ""
    return [
        WayView(
            kind.value,
            t(WAYS[kind]),
            f"opportunities/{offer.id}/answer/{kind.value}{query}",
            render_way_value(first[kind]),
            first[kind].hours,
        )
        for kind in ordered
    ]


@router.api_route("/{kind}", methods=READ_METHODS)
def show_way(
    id_: UUID, kind: WayKind, page: PageOf, services: ServicesOf, list_: ListParameter = ""
) -> Response:
    """Show the numbers, addresses or places of one kind; go on to the form or the page of the other two."""
    with services.database.read() as session:
        offer = opportunities.get(session, id_)
    list_id = parse_list_id(list_)
    ways = [way for way in offer.ways if way.kind is kind]
    if not ways:
        raise NotFoundError(_GONE)
    if kind is WayKind.HERE:
        return page.redirect(f"opportunities/{id_}/apply" + (f"?list={list_id.hex}" if list_id else ""))
    if kind is WayKind.LINK:
        link = build_link(services.database.vault, offer, list_id)
        if link is None:
            raise NotFoundError(_GONE)
        return page.redirect(link.path)
    t = page.t
    response = page.render(
        "answer.html",
        offer=offer,
        kind=kind.value,
        list=list_id.hex if list_id else None,
        heading=t(WAYS[kind]),
        contacts=[_build_contact(way) for way in ways],
        warnings=[*render_way_advice(offer.trust, t), *(render_warning(flag, t) for flag in offer.warnings)],
    )
    response.headers["Cache-Control"] = "no-store"  # opening a way is recorded each time
    task = create_way_task(page, services.database, id_, list_id, kind)
    response.background = task if page.request.method == "GET" else None
    return response


def _build_contact(way: Way) -> ContactView:
    return ContactView(render_way_value(way), build_way_uri(way), way.hours)
