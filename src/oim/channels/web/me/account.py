"""Name, language, contacts and PIN."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import HTMLResponse

from oim.channels.web.authentication import remember
from oim.channels.web.errors import status_of
from oim.channels.web.form import Form, first, refused
from oim.channels.web.me.subject import MineOf, Whose, mine
from oim.channels.web.pages import NAMES, Visit, VisitOf
from oim.channels.web.security import SentForm
from oim.channels.web.services import Services, ServicesOf
from oim.channels.web.sign_in import Step, StepOf, code_sent, keep_step
from oim.features import people
from oim.features.people import Person
from oim.features.sign_in import (
    Naming,
    add_contact,
    challenged_contact,
    change_name,
    change_pin,
    prove_pin,
    redeem,
    renewed,
)
from oim.kit.errors import OimError
from oim.kit.i18n import LANGUAGES

router = APIRouter(prefix="/account")


@router.get("")
def page(visit: VisitOf, services: ServicesOf, who: MineOf) -> HTMLResponse:
    """All of it on one page."""
    return _page(visit, services, who)


@router.post("/name")
def rename(visit: VisitOf, services: ServicesOf, who: MineOf, sent: SentForm) -> Response:
    """Another name, or another language for messages."""
    language = next((known for known in LANGUAGES if known == first(sent, "language")), visit.t.language)
    wanted = Naming(first(sent, "name"), language, first(sent, "name_pin"))
    try:
        with services.database.write() as session:
            prove_pin(session, services.doors, who.person, wanted.pin, field="name_pin")
            change_name(session, services.doors, who.actor, who.person, wanted)
    except OimError as error:
        return _page(visit, services, who, refused(sent, error, visit.t), status_of(error))
    return visit.go("me/account")


@router.post("/pin")
def another_pin(visit: VisitOf, services: ServicesOf, who: MineOf, sent: SentForm) -> Response:
    """Another PIN. Whoever is signed in elsewhere is not any more."""
    try:
        with services.database.write() as session:
            old, new = first(sent, "old"), first(sent, "pin")
            change_pin(session, services.doors, who.actor, who.person, old=old, new=new)
    except OimError as error:
        return _page(visit, services, who, refused({}, error, visit.t), status_of(error))
    response = visit.go("me/account")
    remember(response, renewed(services.doors, who.actor))
    return response


@router.post("/contacts")
def send(visit: VisitOf, services: ServicesOf, who: MineOf, sent: SentForm) -> Response:
    """A code to a contact to add."""
    try:
        step = code_sent(visit, services, sent)
    except OimError as error:
        return _page(visit, services, who, refused(sent, error, visit.t), status_of(error))
    response = visit.go("me/account/contacts/code")
    keep_step(response, step)
    return response


@router.get("/contacts/code", dependencies=[Depends(mine)])
def ask_code(visit: VisitOf, services: ServicesOf, step: StepOf) -> HTMLResponse:
    """Which code came."""
    return _code_page(visit, services, step, Form())


@router.post("/contacts/code")
def prove(visit: VisitOf, services: ServicesOf, who: MineOf, step: StepOf, sent: SentForm) -> Response:
    """The code of the message and the PIN, and the contact is theirs too."""
    try:
        with services.database.write() as session:
            prove_pin(session, services.doors, who.person, first(sent, "pin"))
            ticket = redeem(services.doors.cache, session.vault, step.secret, first(sent, "code"))
            add_contact(session, services.doors, who.actor, who.person, ticket, pin=first(sent, "pin"))
    except OimError as error:
        return _code_page(visit, services, step, refused(sent, error, visit.t), status_of(error))
    return visit.go("me/account")


@router.post("/contacts/{contact}/remove")
def remove(contact: UUID, visit: VisitOf, services: ServicesOf, who: MineOf, sent: SentForm) -> Response:
    """A contact less, for who gives the PIN."""
    try:
        with services.database.write() as session:
            prove_pin(session, services.doors, who.person, first(sent, "pin"))
            people.remove_contact(session, who.actor, who.person, contact)
    except OimError as error:
        return _page(visit, services, who, refused({}, error, visit.t), status_of(error))
    return visit.go("me/account")


def _page(
    visit: Visit, services: Services, who: Whose, form: Form | None = None, status: int = 200
) -> HTMLResponse:
    with services.database.write() as session:
        person: Person = people.get(session, who.actor, who.person)
    return visit.render(
        "me/account.html",
        status,
        form=form or Form(),
        names=Form({"name": [person.name], "language": [person.language]}, form.errors if form else {}),
        contacts=[(id_, one.channel.value, one.value) for id_, one in person.contacts.items()],
        languages=list(NAMES.items()),
    )


def _code_page(visit: Visit, services: Services, step: Step, form: Form, status: int = 200) -> HTMLResponse:
    contact = challenged_contact(services.doors.cache, services.database.vault, step.secret)
    hint = contact.hint if contact else None
    return visit.render("me/contact_code.html", status, form=form, hint=hint)
