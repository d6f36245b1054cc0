"""Accounts of staff, for administrators: invited, listed, closed."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from oim.channels.web.authentication import StaffOf
from oim.channels.web.errors import status_of
from oim.channels.web.form import Form, first, refused
from oim.channels.web.pages import Visit, VisitOf
from oim.channels.web.security import SentForm
from oim.channels.web.services import Services, ServicesOf
from oim.channels.wording import ROLES
from oim.features import opportunities, staff
from oim.features.access import Actor, Role
from oim.features.access.types import STAFF
from oim.kit.errors import BadInputError, OimError
from oim.kit.i18n import mark

router = APIRouter(prefix="/accounts")


@router.get("")
def page(visit: VisitOf, services: ServicesOf, actor: StaffOf) -> HTMLResponse:
    """Every account, and the form to invite somebody."""
    return _page(visit, services, actor, Form())


@router.post("")
def invite(visit: VisitOf, services: ServicesOf, actor: StaffOf, sent: SentForm) -> Response:
    """Invite somebody: the link is shown once, to be handed over by a way that only they read."""
    try:
        with services.database.write() as session:
            named = first(sent, "organisation")
            whose = opportunities.get_organisation_id(session, named) if named else None
            address, name = first(sent, "contact"), first(sent, "name")
            id_, secret = staff.invite(session, actor, address, name, _role(first(sent, "role")), whose)
        services.doors.sessions.end_all(id_)
    except OimError as error:
        return _page(visit, services, actor, refused(sent, error, visit.t), status_of(error))
    link = f"{visit.request.base_url}{visit.t.language}/staff/welcome/{secret}"
    return _page(visit, services, actor, Form(), link=link)


@router.post("/{member}/disable")
def disable(member: UUID, visit: VisitOf, services: ServicesOf, actor: StaffOf) -> Response:
    """Close an account, and end whatever session it has."""
    with services.database.write() as session:
        staff.disable(session, actor, member)
    services.doors.sessions.end_all(member)
    return visit.go("staff/accounts")


def _role(value: str) -> Role:
    if value not in STAFF:
        raise BadInputError(mark("Choose from the list."), field="role")
    return Role(value)


def _page(
    visit: Visit, services: Services, actor: Actor, form: Form, status: int = 200, link: str = ""
) -> HTMLResponse:
    with services.database.write() as session:
        held = staff.members(session, actor)
    t = visit.t
    return visit.render(
        "staff/accounts.html",
        status,
        form=form,
        link=link,
        members=[(one, t(ROLES[one.role])) for one in held],
        roles=[(role.value, t(ROLES[role])) for role in Role if role in STAFF],
    )
