"""The helpers page: a person lets a case worker help them, by the worker's code, and can end it any time."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from oim.channels.http.services import Services, ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.web.authentication import find_origin
from oim.channels.web.form import Form, with_error
from oim.channels.web.me.subject import ActingFor, CurrentPerson
from oim.channels.web.pages import PageContext, PageOf
from oim.channels.web.security import PostedForm
from oim.channels.web.statuses import Status
from oim.features import access, staff
from oim.features.sign_in import require_pin
from oim.kit.errors import OimError
from oim.kit.fields import first_value
from oim.kit.i18n import format_date

router = APIRouter(route_class=PersonalRoute, prefix="/help")


@router.get("")
def list_helpers(page: PageOf, services: ServicesOf, subject: CurrentPerson) -> HTMLResponse:
    """Show the case workers who help the person now, and the form to add one."""
    return _render(page, services, subject, Form())


@router.post("")
def add_helper(page: PageOf, services: ServicesOf, subject: CurrentPerson, form: PostedForm) -> Response:
    """Let the case worker with this code help for three months, if the PIN is right."""
    try:
        # The PIN first, so that codes cannot be tried out without it.
        pin, device = first_value(form, "pin"), find_origin(page.request).device
        require_pin(services.database, services.sign_in, subject.person, pin, device)
        with services.database.write() as session:
            worker = staff.find_case_worker_by_code(session, first_value(form, "code"))
            access.give_mandate(session, subject.actor, subject.person, worker.id)
    except OimError as error:
        return _render(page, services, subject, with_error(form, error, page.t), error)
    return page.redirect("me/help", done="helper-added")


@router.post("/{mandate}/end")
def end_help(mandate: UUID, page: PageOf, services: ServicesOf, subject: CurrentPerson) -> Response:
    """End the help of a case worker."""
    with services.database.write() as session:
        access.end_mandate(session, subject.actor, subject.person, mandate)
    return page.redirect("me/help", done="help-ended")


def _render(
    page: PageContext, services: Services, subject: ActingFor, form: Form, status: Status = 200
) -> HTMLResponse:
    """Render the list of case workers who help now, and the form to add one."""
    with services.database.write() as session:
        mandates = access.list_mandates(session, subject.actor, subject.person)
        helpers = staff.match_case_workers(session, mandates)
    language = page.t.language
    return page.render(
        "me/help.html",
        status,
        form=form,
        helpers=[
            (
                mandate.id,
                worker.name,
                format_date(mandate.given_at, language),
                format_date(mandate.until, language),
            )
            for mandate, worker in helpers
        ],
    )
