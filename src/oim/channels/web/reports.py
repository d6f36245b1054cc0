"""Reporting an offer: the form for everybody, and what follows."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from oim.channels.web.errors import status_of
from oim.channels.web.form import Form, first, refused
from oim.channels.web.offer_views import card_view
from oim.channels.web.offers import READ
from oim.channels.web.pages import Visit, VisitOf
from oim.channels.web.security import SentForm
from oim.channels.web.services import Services, ServicesOf
from oim.channels.web.sign_in import address_of
from oim.channels.wording import REPORT_FOLLOW_UP, REPORT_REASONS
from oim.features import trust
from oim.kit.clock import now
from oim.kit.errors import OimError

OFFER = "/opportunities/{id_}/report"

router = APIRouter()


@router.api_route(OFFER, methods=READ)
def ask(id_: UUID, visit: VisitOf, services: ServicesOf) -> HTMLResponse:
    """What is wrong with it."""
    return _page(visit, services, id_, Form())


@router.post(OFFER)
def send(id_: UUID, visit: VisitOf, services: ServicesOf, sent: SentForm) -> Response:
    """Take the report, of whoever it is."""
    database = services.database
    try:
        with database.read() as session:
            who = trust.identify_reporter(
                session, services.doors.limits, visit.actor, address_of(visit.request)
            )
        with database.write() as session:
            trust.report_offer(session, id_, first(sent, "reason"), first(sent, "words"), who)
    except OimError as error:
        return _page(visit, services, id_, refused(sent, error, visit.t), status_of(error))
    return visit.go("reported")


@router.api_route("/reported", methods=READ)
def thanks(visit: VisitOf) -> HTMLResponse:
    """What happens next, whatever the offer was: it may be held from now on."""
    return visit.render("reported.html", follows=[visit.t(words) for words in REPORT_FOLLOW_UP])


def _page(visit: Visit, services: Services, id_: UUID, form: Form, status: int = 200) -> HTMLResponse:
    t = visit.t
    with services.database.read() as session:
        offer = services.catalogue.get(session, id_)
    return visit.render(
        "report.html",
        status,
        form=form,
        offer=card_view(offer, t, now()),
        reasons=[(reason.value, t(words)) for reason, words in REPORT_REASONS.items()],
        most=trust.MAX_REPORT_LENGTH,
    )
