"""Who helps: a case worker is asked by their code, and can be sent away at any time."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from oim.channels.web.errors import status_of
from oim.channels.web.form import Form, first, refused
from oim.channels.web.me.subject import MineOf, Whose
from oim.channels.web.pages import Visit, VisitOf
from oim.channels.web.security import SentForm
from oim.channels.web.services import Services, ServicesOf
from oim.features import access, staff
from oim.features.sign_in import prove_pin
from oim.kit.errors import OimError
from oim.kit.i18n import format_date

router = APIRouter(prefix="/help")


@router.get("")
def page(visit: VisitOf, services: ServicesOf, who: MineOf) -> HTMLResponse:
    """Who helps now."""
    return _page(visit, services, who, Form())


@router.post("")
def ask(visit: VisitOf, services: ServicesOf, who: MineOf, sent: SentForm) -> Response:
    """Let the case worker of a code help for three months, for who gives the PIN."""
    try:
        with services.database.write() as session:
            prove_pin(session, services.doors, who.person, first(sent, "pin"))
            worker = staff.worker_by_code(session, first(sent, "code"))
            access.give_mandate(session, who.actor, who.person, worker.id)
    except OimError as error:
        return _page(visit, services, who, refused(sent, error, visit.t), status_of(error))
    return visit.go("me/help")


@router.post("/{mandate}/end")
def end(mandate: UUID, visit: VisitOf, services: ServicesOf, who: MineOf) -> Response:
    """They help no more."""
    with services.database.write() as session:
        access.end_mandate(session, who.actor, who.person, mandate)
    return visit.go("me/help")


def _page(visit: Visit, services: Services, who: Whose, form: Form, status: int = 200) -> HTMLResponse:
    with services.database.write() as session:
        held = access.mandates_of(session, who.actor, who.person)
        helpers = [(one, staff.worker(session, one.staff)) for one in held]
    language = visit.t.language
    return visit.render(
        "me/help.html",
        status,
        form=form,
        helpers=[
            (one.id, worker.name, format_date(one.given_at, language), format_date(one.until, language))
            for one, worker in helpers
            if worker
        ],
    )
