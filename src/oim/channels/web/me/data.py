"""What is kept of a person: read on a page, taken away, erased. Each asks for the PIN once more."""

from __future__ import annotations

import json

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from oim.channels.web.errors import status_of
from oim.channels.web.form import Form, first, refused
from oim.channels.web.me.data_export_page import readable
from oim.channels.web.me.subject import MineOf, Whose
from oim.channels.web.pages import Visit, VisitOf
from oim.channels.web.security import SentForm
from oim.channels.web.services import Services, ServicesOf
from oim.channels.web.sign_in import gone
from oim.channels.wording import render_trail_actor, render_trail_entry
from oim.features import rights
from oim.features.sign_in import prove_pin
from oim.kit.clock import now
from oim.kit.errors import OimError
from oim.kit.i18n import format_date

router = APIRouter(prefix="/data")


@router.get("")
def page(visit: VisitOf, services: ServicesOf, who: MineOf) -> HTMLResponse:
    """What one may do, and who else reached what of late."""
    return _page(visit, services, who, Form())


@router.post("/read")
def read(visit: VisitOf, services: ServicesOf, who: MineOf, sent: SentForm) -> HTMLResponse:
    """Everything, to be read or printed."""
    try:
        _prove(services, who, sent)
    except OimError as error:
        return _page(visit, services, who, refused({}, error, visit.t), status_of(error))
    with services.database.write() as session:
        found = readable(session, who.actor, who.person, visit.t)
    return visit.render("me/readable.html", sections=found, day=format_date(now(), visit.t.language))


@router.post("/export")
def export(visit: VisitOf, services: ServicesOf, who: MineOf, sent: SentForm) -> Response:
    """Everything, as a file of JSON."""
    try:
        _prove(services, who, sent)
    except OimError as error:
        return _page(visit, services, who, refused({}, error, visit.t), status_of(error))
    told = rights.export(services.database, services.blobs, who.actor, who.person)
    return Response(
        json.dumps(told, ensure_ascii=False, indent=1),
        media_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="oim.json"', "Cache-Control": "no-store"},
    )


@router.post("/erase")
def erase(visit: VisitOf, services: ServicesOf, who: MineOf, sent: SentForm) -> HTMLResponse:
    """Everything, for good."""
    try:
        _prove(services, who, sent)
    except OimError as error:
        return _page(visit, services, who, refused({}, error, visit.t), status_of(error))
    rights.erase(services.database, services.blobs, services.doors.sessions, who.actor, who.person)
    return gone(visit, erased=True)


def _prove(services: Services, who: Whose, sent: dict[str, list[str]]) -> None:
    with services.database.read() as session:
        prove_pin(session, services.doors, who.person, first(sent, "pin"))


def _page(visit: Visit, services: Services, who: Whose, form: Form, status: int = 200) -> HTMLResponse:
    with services.database.write() as session:
        entries = rights.trail(session, who.actor, who.person, by_others=True)
    t = visit.t
    return visit.render(
        "me/data.html",
        status,
        form=form,
        trail=[
            (
                format_date(one.at, t.language),
                render_trail_actor(one.role, t, own=False),
                render_trail_entry(one.action, one.resource, t),
            )
            for one in entries
        ],
    )
