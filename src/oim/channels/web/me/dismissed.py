"""The offers that a person put aside, to take them back."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from oim.channels.web.me.save_dismiss import back
from oim.channels.web.me.subject import MineOf
from oim.channels.web.offer_views import card_view
from oim.channels.web.pages import VisitOf
from oim.channels.web.security import SentForm
from oim.channels.web.services import ServicesOf
from oim.channels.wording import DISMISSAL_REASONS
from oim.features import following
from oim.kit.clock import now
from oim.kit.i18n import format_date

router = APIRouter(prefix="/dismissed")


@router.get("")
def page(visit: VisitOf, services: ServicesOf, who: MineOf) -> HTMLResponse:
    """The last put aside first, each with the reason."""
    with services.database.write() as session:
        found = following.dismissed(session, who.actor, who.person)
    t, at = visit.t, now()
    return visit.render(
        "me/dismissed.html",
        offers=[
            (card_view(one.offer, t, at), t(DISMISSAL_REASONS[one.reason]), format_date(one.at, t.language))
            for one in found
        ],
    )


@router.post("/{offer}/undo")
def undo(offer: UUID, visit: VisitOf, services: ServicesOf, who: MineOf, sent: SentForm) -> Response:
    """Take an offer back."""
    with services.database.write() as session:
        following.undo_dismissal(session, who.actor, who.person, offer)
    return back(visit, sent, offer)
