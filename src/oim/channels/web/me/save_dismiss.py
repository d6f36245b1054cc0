"""What a person does with an offer: save it, save it no longer, put it aside with a reason."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from oim.channels.web.errors import status_of
from oim.channels.web.event_recording import telling
from oim.channels.web.form import Form, Typed, first, refused
from oim.channels.web.me.subject import MineOf, mine
from oim.channels.web.pages import Visit, VisitOf
from oim.channels.web.parsers import chosen
from oim.channels.web.security import SentForm
from oim.channels.web.services import Services, ServicesOf
from oim.channels.wording import DISMISSAL_REASONS
from oim.features import following
from oim.features.following import DismissalReason
from oim.features.matching.learning import EventKind
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

router = APIRouter(prefix="/opportunities/{offer}")
Next = Annotated[str, Query(alias="next")]


@router.post("/save")
def save(offer: UUID, visit: VisitOf, services: ServicesOf, who: MineOf, sent: SentForm) -> Response:
    """Keep an offer, and back to where it was found."""
    with services.database.write() as session:
        following.save(session, who.actor, who.person, offer)
    response = back(visit, sent, offer)
    response.background = telling(services.database, EventKind.SAVED, first(sent, "list"), offer)
    return response


@router.post("/unsave")
def unsave(offer: UUID, visit: VisitOf, services: ServicesOf, who: MineOf, sent: SentForm) -> Response:
    """Keep an offer no longer."""
    with services.database.write() as session:
        following.unsave(session, who.actor, who.person, offer)
    return back(visit, sent, offer)


@router.get("/not-for-me", dependencies=[Depends(mine)])
def ask_why(offer: UUID, visit: VisitOf, services: ServicesOf, next_: Next = "") -> HTMLResponse:
    """Why an offer is not for them."""
    return _why(visit, services, offer, Form({"next": [next_]}))


@router.post("/not-for-me")
def put_aside(offer: UUID, visit: VisitOf, services: ServicesOf, who: MineOf, sent: SentForm) -> Response:
    """Put an offer aside. What looks like a fraud is best reported."""
    try:
        reason = _reason(sent)
    except BadInputError as error:
        return _why(visit, services, offer, refused(sent, error, visit.t), status_of(error))
    with services.database.write() as session:
        following.dismiss(session, who.actor, who.person, offer, reason)
    if reason is DismissalReason.SUSPICIOUS:
        return visit.go(f"opportunities/{offer}/report")
    return visit.back(first(sent, "next"), "me/offers")


def back(visit: Visit, sent: Typed, offer: UUID) -> RedirectResponse:
    """To where an offer's form stands on the page that it was sent from, else to the offer."""
    return visit.back(first(sent, "next"), f"opportunities/{offer}", f"#o{offer}")


def _reason(sent: Typed) -> DismissalReason:
    """Raises BadInputError."""
    reasons = chosen(sent, "reason", DismissalReason)
    if not reasons:
        raise BadInputError(mark("Choose from the list."), field="reason")
    return reasons[0]


def _why(visit: Visit, services: Services, offer: UUID, form: Form, status: int = 200) -> HTMLResponse:
    with services.database.read() as session:
        held = services.catalogue.get(session, offer)
    return visit.render(
        "me/not_for_me.html",
        status,
        offer=offer,
        title=held.title,
        language=held.draft.language or visit.t.language,
        form=form,
        reasons=[(reason.value, visit.t(words)) for reason, words in DISMISSAL_REASONS.items()],
    )
