"""The account page: a person changes their name, language, contacts and PIN.

Each change asks for the PIN again: telephones are shared, and a session may be open in other hands.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import HTMLResponse

from oim.channels.http.services import Services, ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.web.authentication import find_origin, set_session_cookie
from oim.channels.web.form import Form, with_error
from oim.channels.web.me.subject import ActingFor, CurrentPerson, get_current_person
from oim.channels.web.new_pin import check_repeated_pin
from oim.channels.web.pages import LANGUAGE_NAMES, PageContext, PageOf
from oim.channels.web.security import SESSION_COOKIE, PostedForm
from oim.channels.web.sign_in import Step, StepOf, send_contact_code, set_step_cookie
from oim.channels.web.statuses import Status
from oim.channels.wording import CHANNELS
from oim.features import people
from oim.features.people import Person
from oim.features.sign_in import (
    AccountChange,
    ContactProof,
    LongSession,
    PinChange,
    add_contact,
    cancel_pin_request,
    change_name,
    change_pin,
    find_challenge_contact,
    find_pin_request,
    redeem_challenge,
    replace_sessions,
    require_pin,
)
from oim.kit.errors import OimError
from oim.kit.fields import FormFields, first_value
from oim.kit.i18n import LANGUAGES, Translator, format_date

router = APIRouter(route_class=PersonalRoute, prefix="/account")


@router.get("")
def show_account(page: PageOf, services: ServicesOf, subject: CurrentPerson) -> HTMLResponse:
    """Show the whole account on one page."""
    return _render(page, services, subject)


@router.post("/name")
def rename(page: PageOf, services: ServicesOf, subject: CurrentPerson, form: PostedForm) -> Response:
    """Change the name and the language of messages."""
    # A language that we do not have leaves the one of this page.
    language = next((known for known in LANGUAGES if known == first_value(form, "language")), page.t.language)
    device = find_origin(page.request).device
    change = AccountChange(first_value(form, "name"), language, first_value(form, "name_pin"), device)
    try:
        require_pin(services.database, services.sign_in, subject.person, change.pin, device, field="name_pin")
        change_name(services.database, services.sign_in, subject.actor, subject.person, change)
    except OimError as error:
        return _render(page, services, subject, with_error(form, error, page.t), error)
    return page.redirect("me/account", done="account-saved")


@router.post("/pin")
def replace_pin(page: PageOf, services: ServicesOf, subject: CurrentPerson, form: PostedForm) -> Response:
    """Change the PIN, and end the person's sessions on all other devices."""
    try:
        check_repeated_pin(form)
        device = find_origin(page.request).device
        pins = PinChange(first_value(form, "old"), first_value(form, "pin"), device)
        change_pin(services.database, services.sign_in, subject.actor, subject.person, pins)
    except OimError as error:
        # An empty form: PINs are not sent back into the page.
        return _render(page, services, subject, with_error({}, error, page.t), error)
    response = page.redirect("me/account", done="pin-changed")
    # Only once the new PIN is committed: a failed change must sign nobody out.
    set_session_cookie(response, replace_sessions(services.sign_in, subject.actor))
    return response


@router.post("/pin-request/cancel")
def cancel_request(page: PageOf, services: ServicesOf, subject: CurrentPerson) -> Response:
    """Cancel the new PIN that somebody asked for."""
    with services.database.write() as session:
        cancel_pin_request(session, subject.actor, subject.person)
    return page.redirect("me/account", done="pin-request-cancelled")


@router.post("/contacts")
def request_contact_code(
    page: PageOf, services: ServicesOf, subject: CurrentPerson, form: PostedForm
) -> Response:
    """Send a code to a contact that the person wants to add."""
    try:
        step = send_contact_code(page, services, form)
    except OimError as error:
        return _render(page, services, subject, with_error(form, error, page.t), error)
    response = page.redirect("me/account/contacts/code")
    set_step_cookie(response, step)
    return response


@router.get("/contacts/code", dependencies=[Depends(get_current_person)])
def ask_code(page: PageOf, services: ServicesOf, step: StepOf) -> HTMLResponse:
    """Show the form for the code that was sent to the new contact."""
    return _render_code(page, services, step, Form())


@router.post("/contacts/code")
def submit_code(
    page: PageOf, services: ServicesOf, subject: CurrentPerson, step: StepOf, form: PostedForm
) -> Response:
    """Add the new contact, once the code of the message and the PIN are both right."""
    try:
        # The PIN first: a code serves once, and a mistyped PIN must not use it up.
        database, pin, device = services.database, first_value(form, "pin"), find_origin(page.request).device
        require_pin(database, services.sign_in, subject.person, pin, device)
        code = first_value(form, "code")
        ticket = redeem_challenge(services.sign_in.cache, database.vault, step.secret, code)
        proof = ContactProof(ticket, pin, device)
        add_contact(database, services.sign_in, subject.actor, subject.person, proof)
    except OimError as error:
        return _render_code(page, services, step, with_error(form, error, page.t), error)
    return page.redirect("me/account", done="contact-added")


@router.post("/contacts/{contact}/remove")
def remove_contact(
    contact: UUID, page: PageOf, services: ServicesOf, subject: CurrentPerson, form: PostedForm
) -> Response:
    """Remove a contact, if the PIN is right."""
    try:
        pin, device = first_value(form, "pin"), find_origin(page.request).device
        require_pin(services.database, services.sign_in, subject.person, pin, device)
        with services.database.write() as session:
            people.remove_contact(session, subject.actor, subject.person, contact)
    except OimError as error:
        return _render(page, services, subject, with_error({}, error, page.t), error)
    return page.redirect("me/account", done="contact-removed")


@router.post("/telephones/{telephone}/end")
def end_long_session(telephone: str, page: PageOf, services: ServicesOf, subject: CurrentPerson) -> Response:
    """End the session of a telephone on which the person stayed signed in."""
    services.sign_in.sessions.end_long(subject.person, telephone)
    return page.redirect("me/account", done="telephone-ended")


def _render(
    page: PageContext, services: Services, subject: ActingFor, form: Form | None = None, status: Status = 200
) -> HTMLResponse:
    """Render the account page; `form` carries the errors of the form that was sent."""
    with services.database.write() as session:
        person: Person = people.get(session, subject.actor, subject.person)
        opens_at = find_pin_request(session, subject.actor, subject.person)
    stored: FormFields = {"name": [person.name], "language": [person.language]}
    return page.render(
        "me/account.html",
        status,
        # What was typed goes before what is stored.
        form=replace(form, fields={**stored, **form.fields}) if form else Form(stored),
        contacts=[
            (id_, page.t(CHANNELS[contact.channel]), contact.value)
            for id_, contact in person.contacts.items()
        ],
        languages=list(LANGUAGE_NAMES.items()),
        pin_request=format_date(opens_at, page.t.language) if opens_at else None,
        telephones=[
            _render_telephone(session, page.t) for session in _list_telephones(page, services, subject)
        ],
    )


def _list_telephones(page: PageContext, services: Services, subject: ActingFor) -> list[LongSession]:
    """List the telephones on which the person stays signed in."""
    token = page.request.cookies.get(SESSION_COOKIE, "")
    return services.sign_in.sessions.list_long(subject.person, token)


def _render_telephone(session: LongSession, t: Translator) -> tuple[str, str]:
    """Render the id of a long session, and since when and until when it was used."""
    days = {
        "since": format_date(session.since, t.language),
        "seen": format_date(session.last_used, t.language),
    }
    if session.is_current:
        return session.id, t("This telephone, since %(since)s", **days)
    return session.id, t("A telephone, since %(since)s, last used on %(seen)s", **days)


def _render_code(
    page: PageContext, services: Services, step: Step, form: Form, status: Status = 200
) -> HTMLResponse:
    """Render the form for the code, with a hint at the contact it was sent to."""
    # None once the code was used or is too old: the page then says so instead of showing a form.
    contact = find_challenge_contact(services.sign_in.cache, services.database.vault, step.secret)
    hint = contact.hint if contact else None
    return page.render("me/contact_code.html", status, form=form, hint=hint)
