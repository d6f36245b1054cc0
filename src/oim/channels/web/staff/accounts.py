"""Accounts of staff, for administrators: invited, listed, closed."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from oim.channels.http.services import Services, ServicesOf
from oim.channels.web.authentication import StaffOf
from oim.channels.web.errors import status_of
from oim.channels.web.form import Form, with_error
from oim.channels.web.pages import PageContext, PageOf
from oim.channels.web.security import PostedForm
from oim.channels.wording import ROLES
from oim.features import opportunities, staff
from oim.features.access import STAFF_ROLES, Actor, Role
from oim.kit.errors import BadInputError, OimError
from oim.kit.fields import first_value
from oim.kit.i18n import mark

router = APIRouter(prefix="/accounts")


@router.get("")
def list_accounts(page: PageOf, services: ServicesOf, actor: StaffOf) -> HTMLResponse:
    """Every account, and the form to invite somebody."""
    return _render(page, services, actor, Form())


@router.post("")
def invite(page: PageOf, services: ServicesOf, actor: StaffOf, form: PostedForm) -> Response:
    """Invite somebody: the link is shown once, to be handed over by a way that only they read."""
    try:
        with services.database.write() as session:
            named = first_value(form, "organisation")
            whose = opportunities.get_organisation_id(session, named) if named else None
            address, name = first_value(form, "contact"), first_value(form, "name")
            id_, secret = staff.invite(
                session, actor, address, name, _parse_role(first_value(form, "role")), whose
            )
        services.sign_in.sessions.end_all(id_)
    except OimError as error:
        return _render(page, services, actor, with_error(form, error, page.t), status_of(error))
    link = f"{page.request.base_url}{page.t.language}/staff/welcome/{secret}"
    return _render(page, services, actor, Form(), link=link)


@router.post("/{member}/disable")
def disable(member: UUID, page: PageOf, services: ServicesOf, actor: StaffOf) -> Response:
    """Close an account, and end whatever session it has."""
    with services.database.write() as session:
        staff.disable(session, actor, member)
    services.sign_in.sessions.end_all(member)
    return page.redirect("staff/accounts")


def _parse_role(value: str) -> Role:
    if value not in STAFF_ROLES:
        raise BadInputError(mark("Choose from the list."), field="role")
    return Role(value)


def _render(
    page: PageContext, services: Services, actor: Actor, form: Form, status: int = 200, link: str = ""
) -> HTMLResponse:
    with services.database.write() as session:
        held = staff.list_members(session, actor)
    t = page.t
    return page.render(
        "staff/accounts.html",
        status,
        form=form,
        link=link,
        members=[(one, t(ROLES[one.role])) for one in held],
        roles=[(role.value, t(ROLES[role])) for role in Role if role in STAFF_ROLES],
    )
