"""The data page: a person reads, exports or erases all that is stored about them, each with the PIN."""

from __future__ import annotations

import json

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from oim.channels.http.services import Services, ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.web.authentication import find_origin
from oim.channels.web.confirmation import Confirmation, render_confirmation
from oim.channels.web.form import Form, with_error
from oim.channels.web.me.data_export_page import build_sections
from oim.channels.web.me.subject import ActingFor, CurrentPerson
from oim.channels.web.pages import PageContext, PageOf
from oim.channels.web.security import PostedForm
from oim.channels.web.sign_in import render_signed_out
from oim.channels.web.statuses import Status
from oim.channels.wording import render_trail
from oim.features import applications, cv, following, rights
from oim.features.sign_in import require_pin
from oim.kit.clock import now
from oim.kit.errors import OimError
from oim.kit.fields import first_value
from oim.kit.i18n import Translator, format_date

router = APIRouter(route_class=PersonalRoute, prefix="/data")


@router.get("")
def show_data_page(page: PageOf, services: ServicesOf, subject: CurrentPerson) -> HTMLResponse:
    """Show what the person can do with their data, and who else accessed what lately."""
    return _render(page, services, subject, Form())


@router.post("/read")
def show_all_data(
    page: PageOf, services: ServicesOf, subject: CurrentPerson, form: PostedForm
) -> HTMLResponse:
    """Show all data about the person on one page, to be read or printed."""
    try:
        _check_pin(page, services, subject, form)
    except OimError as error:
        return _render(page, services, subject, with_error({}, error, page.t), error)
    with services.database.write() as session:
        sections = build_sections(session, subject.actor, subject.person, page.t)
    return page.render("me/data_export.html", sections=sections, day=format_date(now(), page.t.language))


@router.post("/export")
def export(page: PageOf, services: ServicesOf, subject: CurrentPerson, form: PostedForm) -> Response:
    """Export all data about the person as a JSON file."""
    try:
        _check_pin(page, services, subject, form)
    except OimError as error:
        return _render(page, services, subject, with_error({}, error, page.t), error)
    data = rights.export(services.database, services.blobs, subject.actor, subject.person)
    return Response(
        json.dumps(data, ensure_ascii=False, indent=1),
        media_type="application/json",
        # Saved as a file and stored nowhere on the way: telephones and caches are shared.
        headers={"Content-Disposition": 'attachment; filename="oim.json"', "Cache-Control": "no-store"},
    )


@router.get("/erase")
def confirm_erasure(page: PageOf, services: ServicesOf, subject: CurrentPerson) -> HTMLResponse:
    """Show what would be erased, and ask for the PIN."""
    return _render_erasure(page, services, subject, Form())


@router.post("/erase")
def erase(page: PageOf, services: ServicesOf, subject: CurrentPerson, form: PostedForm) -> HTMLResponse:
    """Erase all data about the person, for good, and sign them out."""
    try:
        _check_pin(page, services, subject, form)
    except OimError as error:
        return _render_erasure(page, services, subject, with_error({}, error, page.t), error)
    rights.erase(services.database, services.blobs, services.sign_in.sessions, subject.actor, subject.person)
    return render_signed_out(page, erased=True)


def _check_pin(page: PageContext, services: Services, subject: ActingFor, form: dict[str, list[str]]) -> None:
    """Check the PIN of the form. Raises BadInputError, TooManyError."""
    pin, device = first_value(form, "pin"), find_origin(page.request).device
    require_pin(services.database, services.sign_in, subject.person, pin, device)


def _render_erasure(
    page: PageContext, services: Services, subject: ActingFor, form: Form, status: Status = 200
) -> HTMLResponse:
    """Render the page that asks to confirm the erasure, with the numbers of what goes."""
    with services.database.write() as session:
        sent = applications.list_for_person(session, subject.actor, subject.person)
        documents = cv.list_documents(session, subject.actor, subject.person)
        saved = following.list_saved(session, subject.actor, subject.person)
    return render_confirmation(
        page, _describe_erasure(len(sent), len(documents), len(saved), page.t), form, status
    )


def _describe_erasure(sent: int, documents: int, saved: int, t: Translator) -> Confirmation:
    counts = (
        t.plural(
            "%(count)s application, which the partner no longer sees",
            "%(count)s applications, which the partners no longer see",
            sent,
        ),
        t.plural("%(count)s CV", "%(count)s CVs", documents),
        t.plural("%(count)s saved offer", "%(count)s saved offers", saved),
    )
    return Confirmation(
        heading=t("Erase everything for good?"),
        consequences=[
            t("Your account, your name and your contacts"),
            t("Your profile, the searches you follow and the messages written to you"),
            *(words for words, count in zip(counts, (sent, documents, saved), strict=True) if count),
            t("Nobody can bring this back, not even our team. Only numbers without names stay."),
        ],
        button=t("Erase everything for good"),
        action="me/data/erase",
        back="me/data",
        asks_pin=True,
    )


def _render(
    page: PageContext, services: Services, subject: ActingFor, form: Form, status: Status = 200
) -> HTMLResponse:
    """Render the data page, with the latest accesses by others."""
    # Reading the trail writes an entry to the trail, so the session is one that can write.
    with services.database.write() as session:
        entries = rights.list_trail_entries(session, subject.actor, subject.person, by_others=True)
    return page.render(
        "me/data.html",
        status,
        form=form,
        trail=render_trail(entries, page.t),
    )
