"""The offers that a person saved. Their browser keeps this page for when there is no network."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from oim.channels.web.me.subject import CurrentPerson
from oim.channels.web.offer_state import KEEP_OFFLINE
from oim.channels.web.offer_views import build_card_view
from oim.channels.web.pages import PageOf
from oim.channels.web.services import ServicesOf
from oim.features import following
from oim.kit.clock import now

saved_router = APIRouter(prefix="/saved")


@saved_router.get("")
def list_saved(page: PageOf, services: ServicesOf, subject: CurrentPerson) -> HTMLResponse:
    """The last saved first; those that have closed apart."""
    with services.database.write() as session:
        saved = following.list_saved(session, subject.actor, subject.person)
    at = now()
    response = page.render(
        "me/saved.html",
        offers=[build_card_view(one.offer, page.t, at) for one in saved if one.open],
        closed=[build_card_view(one.offer, page.t, at) for one in saved if not one.open],
    )
    response.headers.update(KEEP_OFFLINE)
    return response
