"""The accounts of staff, for administrators: list them, invite a member, close an account."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from oim.channels.http.services import Services, ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.web.authentication import StaffOf
from oim.channels.web.form import Form, with_error
from oim.channels.web.pages import PageContext, PageOf
from oim.channels.web.security import PostedForm
from oim.channels.web.staff.tables import Action, Cell, Column, Filter, Table, build_table, parse_listing
from oim.channels.web.statuses import Status
from oim.channels.wording import ROLES
from oim.features import opportunities, staff
from oim.features.access import STAFF_ROLES, Actor, Role
from oim.features.staff import Member
from oim.kit.errors import BadInputError, ConflictError, OimError
from oim.kit.fields import first_value
from oim.kit.i18n import Translator, format_date, mark

router = APIRouter(route_class=PersonalRoute, prefix="/accounts")
_STATES = {"invited": mark("Invited"), "open": mark("Open"), "closed": mark("Closed")}


def _list_roles(t: Translator) -> list[tuple[str, str]]:
    return [(role.value, t(ROLES[role])) for role in Role if role in STAFF_ROLES]


ACCOUNTS = Table(
    path="staff/accounts",
    caption=mark("Accounts of staff"),
    columns=(
        Column("name", mark("Name"), is_sortable=False),
        Column("email", mark("E-mail address"), is_sortable=False),
        Column("role", mark("Role")),
        Column("state", mark("State")),
        Column("invited", mark("Invited on")),
        Column("change", mark("To change"), is_sortable=False),
    ),
    filters=(
        Filter(
            "role",
            mark("Role"),
            lambda t: [(role.value, t(ROLES[role])) for role in Role if role in STAFF_ROLES],
        ),
        Filter("state", mark("State"), lambda t: [(state, t(label)) for state, label in _STATES.items()]),
    ),
    order="invited",
    prefix="list-",  # the form to invite somebody asks for a role too
)


@router.get("")
def list_accounts(page: PageOf, services: ServicesOf, actor: StaffOf) -> HTMLResponse:
    """List every account, with the form to invite somebody."""
    return _render(page, services, actor, Form())


@router.post("")
def invite(page: PageOf, services: ServicesOf, actor: StaffOf, form: PostedForm) -> Response:
    """Invite somebody, and show the invitation link once, to be handed over on a private channel."""
    try:
        with services.database.write() as session:
            organisation_name = first_value(form, "organisation")
            organisation = (
                opportunities.get_organisation_id(session, organisation_name) if organisation_name else None
            )
            address, name = first_value(form, "contact"), first_value(form, "name")
            id_, secret = staff.invite(
                session, actor, address, name, _parse_role(first_value(form, "role")), organisation
            )
        # An account that was closed is made anew: nothing that was signed in by it stays.
        services.sign_in.sessions.end_all(id_)
    except OimError as error:
        return _render(page, services, actor, with_error(form, error, page.t), error)
    return _render_link(page, services, actor, secret)


@router.post("/{member}/authenticator")
def re_enrol(member: UUID, page: PageOf, services: ServicesOf, actor: StaffOf) -> Response:
    """Let a member set another authenticator up, and show the link for it once."""
    try:
        with services.database.write() as session:
            secret = staff.re_enrol(session, actor, member)
    except ConflictError as error:
        return _render(page, services, actor, with_error({}, error, page.t), error)
    # Whoever holds the lost authenticator may be signed in by it.
    services.sign_in.sessions.end_all(member)
    return _render_link(page, services, actor, secret)


def _render_link(page: PageContext, services: Services, actor: Actor, secret: str) -> HTMLResponse:
    """Render the page with the link of an invitation."""
    # Only a hash of the secret is stored: this page is the only one that can show the link.
    link = f"{services.address}/{page.t.language}/staff/welcome/{secret}"
    return _render(page, services, actor, Form(), link=link)


@router.post("/{member}/disable")
def disable(member: UUID, page: PageOf, services: ServicesOf, actor: StaffOf) -> Response:
    """Close an account, and end all its sessions."""
    with services.database.write() as session:
        staff.disable(session, actor, member)
    # After the commit: a sign-in in between would otherwise open a session that stays.
    services.sign_in.sessions.end_all(member)
    return page.redirect("staff/accounts", done="account-closed")


def _build_row(member: Member, t: Translator) -> list[Cell]:
    """Build the line of an account, with the buttons that change it."""
    state = "open" if member.confirmed_at else "invited"
    state = "closed" if member.disabled_at else state
    path = f"staff/accounts/{member.id}"
    re_enrol = Action(f"{path}/authenticator", t("Authenticator lost: new link"), member.name)
    close = Action(f"{path}/disable", t("Close this account"), member.name)
    actions = {"open": (re_enrol, close), "invited": (close,), "closed": ()}
    return [
        Cell(member.name),
        Cell(member.email),
        Cell(t(ROLES[member.role])),
        Cell(t(_STATES[state])),
        Cell(format_date(member.invited_at, t.language)),
        Cell("", actions=actions[state]),
    ]


def _parse_role(value: str) -> Role:
    """Parse a role of staff. Raises BadInputError: `person` and `system` are roles too, but not here."""
    if value not in STAFF_ROLES:
        raise BadInputError(mark("Choose from the list."), field="role")
    return Role(value)


def _render(
    page: PageContext, services: Services, actor: Actor, form: Form, status: Status = 200, link: str = ""
) -> HTMLResponse:
    """Render the accounts and the form to invite somebody, with the link after an invitation."""
    # After a form the address says nothing of the list: it is shown from its start.
    listing = parse_listing(ACCOUNTS, page)
    with services.database.write() as session:
        listed = staff.list_member_page(session, actor, listing)
    t = page.t
    return page.render(
        "staff/accounts.html",
        status,
        form=form,
        link=link,
        table=build_table(
            ACCOUNTS, listing, listed, [_build_row(member, t) for member in listed.items], page
        ),
        roles=_list_roles(t),
    )
