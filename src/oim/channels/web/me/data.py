"""What is kept of a person: read on a page, taken away, erased. Each asks for the PIN once more."""

from __future__ import annotations

import json

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from oim.channels.http.services import Services, ServicesOf
from oim.channels.web.errors import status_of
from oim.channels.web.form import Form, with_error
from oim.channels.web.me.data_export_page import build_sections
from oim.channels.web.me.subject import ActingFor, CurrentPerson
from oim.channels.web.pages import PageContext, PageOf
from oim.channels.web.security import PostedForm
from oim.channels.web.sign_in import render_signed_out
from oim.channels.wording import render_trail_actor, render_trail_entry
from oim.features import rights
from oim.features.sign_in import prove_pin
from oim.kit.clock import now
from oim.kit.errors import OimError
from oim.kit.fields import first_value
from oim.kit.i18n import format_date

router = APIRouter(prefix="/data")


@router.get("")
def show_data_page(page: PageOf, services: ServicesOf, subject: CurrentPerson) -> HTMLResponse:
    """What one may do, and who else reached what of late."""
    return _render(page, services, subject, Form())


@router.post("/read")
def show_all_data(
    page: PageOf, services: ServicesOf, subject: CurrentPerson, form: PostedForm
) -> HTMLResponse:
    """Everything, to be read or printed."""
    try:
        _check_pin(services, subject, form)
    except OimError as error:
        return _render(page, services, subject, with_error({}, error, page.t), status_of(error))
    with services.database.write() as session:
        found = build_sections(session, subject.actor, subject.person, page.t)
    return page.render("me/data_export.html", sections=found, day=format_date(now(), page.t.language))


@router.post("/export")
def export(page: PageOf, services: ServicesOf, subject: CurrentPerson, form: PostedForm) -> Response:
    """Everything, as a file of JSON."""
    try:
        _check_pin(services, subject, form)
    except OimError as error:
        return _render(page, services, subject, with_error({}, error, page.t), status_of(error))
    told = rights.export(services.database, services.blobs, subject.actor, subject.person)
    return Response(
        json.dumps(told, ensure_ascii=False, indent=1),
        media_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="oim.json"', "Cache-Control": "no-store"},
    )


@router.post("/erase")
def erase(page: PageOf, services: ServicesOf, subject: CurrentPerson, form: PostedForm) -> HTMLResponse:
    """Everything, for good."""
    try:
        _check_pin(services, subject, form)
    except OimError as error:
        return _render(page, services, subject, with_error({}, error, page.t), status_of(error))
    rights.erase(services.database, services.blobs, services.sign_in.sessions, subject.actor, subject.person)
    return render_signed_out(page, erased=True)


def _check_pin(services: Services, subject: ActingFor, form: dict[str, list[str]]) -> None:
    with services.database.read() as session:
        prove_pin(session, services.sign_in, subject.person, first_value(form, "pin"))


def _render(
    page: PageContext, services: Services, subject: ActingFor, form: Form, status: int = 200
) -> HTMLResponse:
    with services.database.write() as session:
        entries = rights.list_trail_entries(session, subject.actor, subject.person, by_others=True)
    t = page.t
    return page.render(
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
