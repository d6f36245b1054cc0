"""A person's own first page: what to do next, and the way to everything else."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from oim.channels.web.me.subject import CurrentPerson
from oim.channels.web.pages import PageOf
from oim.channels.web.services import ServicesOf
from oim.channels.wording import render_strength
from oim.features import opportunities, people, profile

router = APIRouter()


@router.get("")
def show_space(page: PageOf, services: ServicesOf, subject: CurrentPerson) -> HTMLResponse:
    """Their name, how far their profile goes, and the way on."""
    with services.database.write() as session:
        person = people.get(session, subject.actor, subject.person)
        record = profile.load_record(session, subject.actor, subject.person)
        strong = profile.compute_strength(record, opportunities.count_by_condition(session))
    return page.render(
        "me/home.html", name=person.name, strength=strong, strength_text=render_strength(strong, page.t)
    )
