"""The offers that a person put aside, to take them back."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from oim.channels.web.me.save_dismiss import redirect_to_offer
from oim.channels.web.me.subject import CurrentPerson
from oim.channels.web.offer_views import build_card_view
from oim.channels.web.pages import PageOf
from oim.channels.web.security import PostedForm
from oim.channels.web.services import ServicesOf
from oim.channels.wording import DISMISSAL_REASONS
from oim.features import following
from oim.kit.clock import now
from oim.kit.i18n import format_date

lists_router = APIRouter(prefix="/dismissed")


@lists_router.get("")
def list_dismissed(page: PageOf, services: ServicesOf, subject: CurrentPerson) -> HTMLResponse:
    """The last put aside first, each with the reason."""
    with services.database.write() as session:
        found = following.list_dismissed(session, subject.actor, subject.person)
    t, at = page.t, now()
    return page.render(
        "me/dismissed.html",
        offers=[
            (
                build_card_view(one.offer, t, at),
                t(DISMISSAL_REASONS[one.reason]),
                format_date(one.at, t.language),
            )
            for one in found
        ],
    )


@lists_router.post("/{offer}/undo")
def undo_dismissal(
    offer: UUID, page: PageOf, services: ServicesOf, subject: CurrentPerson, form: PostedForm
) -> Response:
    """Take an offer back."""
    with services.database.write() as session:
        following.undo_dismissal(session, subject.actor, subject.person, offer)
    return redirect_to_offer(page, form, offer)
