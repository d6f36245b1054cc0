"""The people whom a case worker helps: the list of them, and a printable sheet about each."""

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
from oim.channels.web.staff.tables import Cell, Column, Table, build_table, parse_listing
from oim.channels.web.statuses import Status
from oim.channels.wording import render_profile_about, render_stage_about, render_strength_about
from oim.features import access, applications, people, profile
from oim.features.access import Actor
from oim.features.sign_in import find_pin_request, vouch_for_person
from oim.kit.clock import now
from oim.kit.errors import BadInputError
from oim.kit.fields import first_value
from oim.kit.i18n import format_date, mark

router = APIRouter(route_class=PersonalRoute, prefix="/people")


NOBODY = mark(
    "Nobody for now. Tell your code to those who want your help: they enter it on their page “Who helps me”."
)
CASELOAD = Table(
    path="staff/people",
    caption=mark("People I help"),
    columns=(
        Column("name", mark("Name"), is_sortable=False),
        Column("given", mark("Since")),
        Column("until", mark("Until")),
    ),
    order="-given",
)


@router.get("")
def list_people(page: PageOf, services: ServicesOf, actor: StaffOf) -> HTMLResponse:
    """List the people who let this case worker help them."""
    t, listing = page.t, parse_listing(CASELOAD, page)
    with services.database.write() as session:
        listed = access.list_caseload(session, actor, listing)
        accounts = people.get_many(session, actor, [mandate.person for mandate in listed.items])
    rows = [
        [
            Cell(accounts[mandate.person].name, f"staff/people/{mandate.person}"),
            Cell(format_date(mandate.given_at, t.language)),
            Cell(format_date(mandate.until, t.language)),
        ]
        for mandate in listed.items
        if mandate.person in accounts
    ]
    return page.render(
        "staff/list.html",
        heading=t(CASELOAD.caption),
        table=build_table(CASELOAD, listing, listed, rows, page),
        empty=t(NOBODY),
    )


@router.post("/{person}/pin")
def vouch(person: UUID, page: PageOf, services: ServicesOf, actor: StaffOf, form: PostedForm) -> Response:
    """Let the new PIN of a person serve at once, as the case worker knows that it was they who asked.

    They tell the number of their page: of somebody else who asked in their name it is another.
    """
    try:
        with services.database.write() as session:
            vouch_for_person(session, actor, person, first_value(form, "number"))
    except BadInputError as error:
        return _render_sheet(person, page, services, actor, with_error(form, error, page.t), error)
    return page.redirect(f"staff/people/{person}", done="pin-confirmed")


@router.get("/{person}")
def show_person_sheet(person: UUID, page: PageOf, services: ServicesOf, actor: StaffOf) -> HTMLResponse:
    """Show a person's contacts, profile and applications on one sheet."""
    return _render_sheet(person, page, services, actor, Form())


def _render_sheet(
    person: UUID, page: PageContext, services: Services, actor: Actor, form: Form, status: Status = 200
) -> HTMLResponse:
    """Render a person's sheet, with the form to confirm a new PIN where they asked for one."""
    t = page.t
    # A session that can write: each of these reads leaves an entry in the trail, which the person can see.
    with services.database.write() as session:
        account = people.get(session, actor, person)
        opens_at = find_pin_request(session, actor, person)
        record = profile.load_record(session, actor, person)
        strength = profile.load_strength(session, record)
        sent_applications = applications.list_for_person(session, actor, person)
    return page.render(
        "staff/sheet.html",
        status,
        form=form,
        person=account.id,
        name=account.name,
        contacts=[contact.value for contact in account.contacts.values()],
        lines=render_profile_about(record, t),
        strength_text=render_strength_about(strength, t),
        applications=[
            (
                application.title,
                render_stage_about(application, t),
                format_date(application.created_at, t.language),
            )
            for application in sent_applications
        ],
        pin_request=None if opens_at is None else "waits" if opens_at > now() else "serves",
        printed=format_date(now(), t.language),
    )
