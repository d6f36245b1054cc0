"""The people whom a case worker helps: their list, and the sheet of each, made to be printed."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from oim.channels.http.services import ServicesOf
from oim.channels.web.authentication import StaffOf
from oim.channels.web.pages import PageOf
from oim.channels.wording import QUESTIONS, format_answer, render_stage, render_strength
from oim.features import access, applications, people, profile
from oim.features.profile import Question
from oim.kit.clock import now
from oim.kit.i18n import format_date

router = APIRouter(prefix="/people")


@router.get("")
def list_people(page: PageOf, services: ServicesOf, actor: StaffOf) -> HTMLResponse:
    """Who asked for help, the newest first."""
    with services.database.write() as session:
        ids = access.list_mandated_people(session, actor)
        found = [(id_, people.get(session, actor, id_).name) for id_ in ids]
    return page.render("staff/caseload.html", people=found)


@router.get("/{person}")
def show_person_sheet(person: UUID, page: PageOf, services: ServicesOf, actor: StaffOf) -> HTMLResponse:
    """Who they are, what they told, what they applied for."""
    t = page.t
    with services.database.write() as session:
        who = people.get(session, actor, person)
        record = profile.load_record(session, actor, person)
        strength = profile.load_strength(session, record)
        sent = applications.list_for_person(session, actor, person)
    return page.render(
        "staff/sheet.html",
        person=who.id,
        name=who.name,
        contacts=[one.value for one in who.contacts.values()],
        lines=[(t(QUESTIONS[one][1]), format_answer(record, one, t)) for one in Question],
        strength_text=render_strength(strength, t),
        applications=[
            (one.title, render_stage(one, t)[0], format_date(one.created_at, t.language)) for one in sent
        ],
        printed=format_date(now(), t.language),
    )
