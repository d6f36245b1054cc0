"""The people whom a case worker helps: the list of them, and a printable sheet about each."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.web.authentication import StaffOf
from oim.channels.web.pages import PageOf
from oim.channels.wording import QUESTIONS, format_answer, render_stage, render_strength
from oim.features import access, applications, people, profile
from oim.features.profile import Question
from oim.features.sign_in import find_pin_request, vouch_for_person
from oim.kit.clock import now
from oim.kit.i18n import format_date

router = APIRouter(route_class=PersonalRoute, prefix="/people")


@router.get("")
def list_people(page: PageOf, services: ServicesOf, actor: StaffOf) -> HTMLResponse:
    """List the people who let this case worker help them, the newest mandate first."""
    with services.database.write() as session:
        ids = access.list_mandated_people(session, actor)
        accounts = people.get_many(session, actor, ids)
        names = [(id_, accounts[id_].name) for id_ in ids if id_ in accounts]
    return page.render("staff/caseload.html", people=names)


@router.post("/{person}/pin")
def vouch(person: UUID, page: PageOf, services: ServicesOf, actor: StaffOf) -> Response:
    """Let the new PIN of a person serve at once, as the case worker knows that it was they who asked."""
    with services.database.write() as session:
        vouch_for_person(session, actor, person)
    return page.redirect(f"staff/people/{person}")


@router.get("/{person}")
def show_person_sheet(person: UUID, page: PageOf, services: ServicesOf, actor: StaffOf) -> HTMLResponse:
    """Show a person's contacts, profile and applications on one sheet."""
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
        person=account.id,
        name=account.name,
        contacts=[contact.value for contact in account.contacts.values()],
        lines=[(t(QUESTIONS[question][1]), format_answer(record, question, t)) for question in Question],
        strength_text=render_strength(strength, t),
        applications=[
            (
                application.title,
                render_stage(application, t)[0],
                format_date(application.created_at, t.language),
            )
            for application in sent_applications
        ],
        pin_request=None if opens_at is None else "waits" if opens_at > now() else "serves",
        printed=format_date(now(), t.language),
    )
