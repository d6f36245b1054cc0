"""The page of one offer: its facts, how to apply, and what to beware of."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from oim.channels.http.services import Services, ServicesOf
from oim.channels.web.event_recording import ListParameter, create_event_task, parse_list_id
from oim.channels.web.next_actions import find_next_actions
from oim.channels.web.offer_state import load_offer_state
from oim.channels.web.offer_views import build_offer_view
from oim.channels.web.pages import READ_METHODS, PageOf
from oim.features import opportunities
from oim.features.events import EventKind
from oim.features.opportunities import Opportunity
from oim.kit.clock import now
from oim.kit.errors import NotFoundError
from oim.kit.i18n import mark

router = APIRouter()  # served once under each language


@router.api_route("/opportunities/{id_}", methods=READ_METHODS)
def show_offer(page: PageOf, services: ServicesOf, id_: str, list_: ListParameter = "") -> HTMLResponse:
    """Show one offer. The query parameter `list` says from which list of recommendations it was opened."""
    offer = _load_offer(services, id_)
    event_task = create_event_task(services.database, EventKind.OPENED, list_, offer.id)
    list_id = parse_list_id(list_)
    state = load_offer_state(page.actor, services, offer.id)
    response = page.render(
        "offer.html",
        offer=build_offer_view(offer, page.t, now()),
        next_actions=find_next_actions(page, services, offer, list_id),
        state=state,
        list=list_id.hex if list_id else None,
    )
    response.headers.update(state.headers if state else {})
    # HEAD, as link checkers send it, shows the offer to nobody.
    response.background = event_task if page.request.method == "GET" else None
    return response


def _load_offer(services: Services, id_: str) -> Opportunity:
    """Load an offer. Raises NotFoundError, also for an id that is not a UUID."""
    try:
        offer_id = UUID(id_)
    except ValueError:
        raise NotFoundError(mark("There is no page at this address.")) from None
    with services.database.read() as session:
        return opportunities.get(session, offer_id)
