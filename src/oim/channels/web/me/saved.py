"""The offers that a person saved. Their browser keeps this page for when there is no network."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from oim.channels.web.me.subject import MineOf
from oim.channels.web.offer_state import KEEP
from oim.channels.web.offer_views import card_view
from oim.channels.web.pages import VisitOf
from oim.channels.web.services import ServicesOf
from oim.features import following
from oim.kit.clock import now

router = APIRouter(prefix="/saved")


@router.get("")
def page(visit: VisitOf, services: ServicesOf, who: MineOf) -> HTMLResponse:
    """The last saved first; those that have closed apart."""
    with services.database.write() as session:
        saved = following.saved(session, who.actor, who.person)
    at = now()
    response = visit.render(
        "me/saved.html",
        offers=[card_view(one.offer, visit.t, at) for one in saved if one.open],
        closed=[card_view(one.offer, visit.t, at) for one in saved if not one.open],
    )
    response.headers.update(KEEP)
    return response
