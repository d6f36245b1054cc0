"""A person's own first page: what to do next, and the way to everything else."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from oim.channels.web.me.subject import MineOf
from oim.channels.web.pages import VisitOf
from oim.channels.web.services import ServicesOf
from oim.channels.wording import render_strength
from oim.features import opportunities, people, profile

router = APIRouter()


@router.get("")
def home(visit: VisitOf, services: ServicesOf, who: MineOf) -> HTMLResponse:
    """Their name, how far their profile goes, and the way on."""
    with services.database.write() as session:
        person = people.get(session, who.actor, who.person)
        record = profile.load_record(session, who.actor, who.person)
        strong = profile.compute_strength(record, opportunities.count_by_condition(session))
    return visit.render(
        "me/home.html", name=person.name, strength=strong, told=render_strength(strong, visit.t)
    )
