"""Name, language, contacts and PIN."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import HTMLResponse

from oim.channels.http.services import Services, ServicesOf
from oim.channels.web.authentication import set_session_cookie
from oim.channels.web.errors import status_of
from oim.channels.web.form import Form, with_error
from oim.channels.web.me.subject import ActingFor, CurrentPerson, get_current_person
from oim.channels.web.pages import LANGUAGE_NAMES, PageContext, PageOf
from oim.channels.web.security import PostedForm
from oim.channels.web.sign_in import Step, StepOf, send_contact_code, set_step_cookie
from oim.features import people
from oim.features.people import Person
from oim.features.sign_in import (
    AccountChange,
    add_contact,
    change_name,
    change_pin,
    find_challenge_contact,
    prove_pin,
    redeem_challenge,
    replace_sessions,
)
from oim.kit.errors import OimError
from oim.kit.fields import first_value
from oim.kit.i18n import LANGUAGES

router = APIRouter(prefix="/account")


@router.get("")
def show_account(page: PageOf, services: ServicesOf, subject: CurrentPerson) -> HTMLResponse:
    """All of it on one page."""
    return _render(page, services, subject)


@router.post("/name")
def rename(page: PageOf, services: ServicesOf, subject: CurrentPerson, form: PostedForm) -> Response:
    """Another name, or another language for messages."""
    language = next((known for known in LANGUAGES if known == first_value(form, "language")), page.t.language)
    wanted = AccountChange(first_value(form, "name"), language, first_value(form, "name_pin"))
    try:
        with services.database.write() as session:
            prove_pin(session, services.sign_in, subject.person, wanted.pin, field="name_pin")
            change_name(session, services.sign_in, subject.actor, subject.person, wanted)
    except OimError as error:
        return _render(page, services, subject, with_error(form, error, page.t), status_of(error))
    return page.redirect("me/account")


@router.post("/pin")
def replace_pin(page: PageOf, services: ServicesOf, subject: CurrentPerson, form: PostedForm) -> Response:
    """Another PIN. Whoever is signed in elsewhere is not any more."""
    try:
        with services.database.write() as session:
            old, new = first_value(form, "old"), first_value(form, "pin")
            change_pin(session, services.sign_in, subject.actor, subject.person, old=old, new=new)
    except OimError as error:
        return _render(page, services, subject, with_error({}, error, page.t), status_of(error))
    response = page.redirect("me/account")
    set_session_cookie(response, replace_sessions(services.sign_in, subject.actor))
    return response


@router.post("/contacts")
def request_contact_code(
    page: PageOf, services: ServicesOf, subject: CurrentPerson, form: PostedForm
) -> Response:
    """A code to a contact to add."""
    try:
        step = send_contact_code(page, services, form)
    except OimError as error:
        return _render(page, services, subject, with_error(form, error, page.t), status_of(error))
    response = page.redirect("me/account/contacts/code")
    set_step_cookie(response, step)
    return response


@router.get("/contacts/code", dependencies=[Depends(get_current_person)])
def ask_code(page: PageOf, services: ServicesOf, step: StepOf) -> HTMLResponse:
    """Which code came."""
    return _render_code(page, services, step, Form())


@router.post("/contacts/code")
def submit_code(
    page: PageOf, services: ServicesOf, subject: CurrentPerson, step: StepOf, form: PostedForm
) -> Response:
    """The code of the message and the PIN, and the contact is theirs too."""
    try:
        with services.database.write() as session:
            prove_pin(session, services.sign_in, subject.person, first_value(form, "pin"))
            ticket = redeem_challenge(
                services.sign_in.cache, session.vault, step.secret, first_value(form, "code")
            )
            add_contact(
                session, services.sign_in, subject.actor, subject.person, ticket, pin=first_value(form, "pin")
            )
    except OimError as error:
        return _render_code(page, services, step, with_error(form, error, page.t), status_of(error))
    return page.redirect("me/account")


@router.post("/contacts/{contact}/remove")
def remove_contact(
    contact: UUID, page: PageOf, services: ServicesOf, subject: CurrentPerson, form: PostedForm
) -> Response:
    """A contact less, for who gives the PIN."""
    try:
        with services.database.write() as session:
            prove_pin(session, services.sign_in, subject.person, first_value(form, "pin"))
            people.remove_contact(session, subject.actor, subject.person, contact)
    except OimError as error:
        return _render(page, services, subject, with_error({}, error, page.t), status_of(error))
    return page.redirect("me/account")


def _render(
    page: PageContext, services: Services, subject: ActingFor, form: Form | None = None, status: int = 200
) -> HTMLResponse:
    with services.database.write() as session:
        person: Person = people.get(session, subject.actor, subject.person)
    return page.render(
        "me/account.html",
        status,
        form=form or Form(),
        names=Form({"name": [person.name], "language": [person.language]}, form.errors if form else {}),
        contacts=[(id_, one.channel.value, one.value) for id_, one in person.contacts.items()],
        languages=list(LANGUAGE_NAMES.items()),
    )


def _render_code(
    page: PageContext, services: Services, step: Step, form: Form, status: int = 200
) -> HTMLResponse:
    contact = find_challenge_contact(services.sign_in.cache, services.database.vault, step.secret)
    hint = contact.hint if contact else None
    return page.render("me/contact_code.html", status, form=form, hint=hint)
