"""Signing in and joining, a page a step: contact, code, then name and PIN; and signing out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from oim.channels.web.authentication import SomebodyOf, forget, remember
from oim.channels.web.consents import consent_choices
from oim.channels.web.errors import status_of
from oim.channels.web.form import Form, Typed, first, refused
from oim.channels.web.pages import Visit, VisitOf
from oim.channels.web.security import COOKIE, SentForm, own_path
from oim.channels.web.services import Services, ServicesOf
from oim.features.access import STRANGER
from oim.features.consents import Purpose
from oim.features.people import Channel, Contact, parse_contact
from oim.features.sign_in import Joining, challenged_contact, enter, join, redeem, send_code
from oim.kit.errors import BadInputError, OimError
from oim.kit.network import NOT_PROTECTED_MESSAGE, is_protected

STEP = "__Host-oim-step"  # what the next step needs: no address may hold it
STEP_LIVES = 15 * 60  # seconds

router = APIRouter(prefix="/sign-in")
out = APIRouter()
Next = Annotated[str, Query(alias="next")]


@dataclass(frozen=True, slots=True)
class Step:
    """What a browser keeps between two steps: a challenge, or a ticket."""

    kind: str
    secret: str


def _step(request: Request) -> Step:
    kind, _, secret = request.cookies.get(STEP, "").partition(".")
    return Step(kind, secret)


StepOf = Annotated[Step, Depends(_step)]


@router.get("")
def ask_contact(visit: VisitOf, next_: Next = "") -> HTMLResponse:
    """Which telephone or mailbox."""
    return _contact_page(visit, Form({"next": [next_]}))


@router.post("")
def send(visit: VisitOf, services: ServicesOf, sent: SentForm) -> Response:
    """A code to that contact, known or not: the answer is the same."""
    try:
        step = code_sent(visit, services, sent)
    except OimError as error:
        return _contact_page(visit, refused(sent, error, visit.t), status_of(error))
    return _on(visit, "code", sent, step)


@router.get("/code")
def ask_code(visit: VisitOf, services: ServicesOf, step: StepOf, next_: Next = "") -> HTMLResponse:
    """Which code came."""
    return _code_page(visit, services, step, Form({"next": [next_]}))


@router.post("/code")
def prove(visit: VisitOf, services: ServicesOf, step: StepOf, sent: SentForm) -> Response:
    """The code of the message."""
    try:
        ticket = redeem(services.doors.cache, services.database.vault, step.secret, first(sent, "code"))
    except OimError as error:
        return _code_page(visit, services, step, refused(sent, error, visit.t), status_of(error))
    return _on(visit, "who", sent, Step("ticket", ticket))


@router.get("/who")
def ask_who(visit: VisitOf, next_: Next = "") -> HTMLResponse:
    """Who of those who use this contact."""
    return visit.render("sign_in/who.html", form=Form({"next": [next_]}))


@router.post("/who")
def come_in(visit: VisitOf, services: ServicesOf, step: StepOf, sent: SentForm) -> Response:
    """Name and PIN of who was here before."""
    try:
        with services.database.write() as session:
            actor = enter(session, services.doors, step.secret, first(sent, "name"), first(sent, "pin"))
    except OimError as error:
        form = refused({**sent, "pin": []}, error, visit.t)
        return visit.render("sign_in/who.html", status_of(error), form=form)
    return _entered(visit, services.doors.sessions.open(actor), sent)


@router.get("/new")
def ask_newcomer(visit: VisitOf, next_: Next = "") -> HTMLResponse:
    """Name, PIN and consents of who is new here."""
    return _new_page(visit, Form({"next": [next_]}))


@router.post("/new")
def join_in(visit: VisitOf, services: ServicesOf, step: StepOf, sent: SentForm) -> Response:
    """A new person, with what they agree to."""
    agreed = frozenset(sent.get("consent", ()))
    newcomer = Joining(
        name=first(sent, "name"),
        pin=first(sent, "pin"),
        language=visit.t.language,
        channel="web",
        consents={purpose: purpose.value in agreed for purpose in Purpose},
    )
    try:
        with services.database.write() as session:
            actor = join(session, services.doors, step.secret, newcomer)
    except OimError as error:
        return _new_page(visit, refused({**sent, "pin": []}, error, visit.t), status_of(error))
    return _entered(visit, services.doors.sessions.open(actor), sent)


@out.post("/sign-out")
def sign_out(visit: VisitOf, services: ServicesOf) -> HTMLResponse:
    """End this session, and leave nothing of it on the telephone."""
    services.doors.sessions.end(visit.request.cookies.get(COOKIE, ""))
    return gone(visit)


@out.post("/sign-out/everywhere")
def sign_out_everywhere(visit: VisitOf, services: ServicesOf, actor: SomebodyOf) -> HTMLResponse:
    """End every session of theirs, on whatever telephone."""
    if actor.id is not None:
        services.doors.sessions.end_all(actor.id)
    return gone(visit)


def code_sent(visit: Visit, services: Services, sent: Typed) -> Step:
    """Have a code sent to the contact of the form. Raises BadInputError, TooManyError."""
    contact = contact_of(visit.request, sent)
    with services.database.write() as session:
        challenge = send_code(
            session,
            services.doors,
            contact,
            language=visit.t.language,
            address=address_of(visit.request),
        )
    return Step("challenge", challenge)


def contact_of(request: Request, sent: Typed) -> Contact:
    """The contact of the form. Raises BadInputError."""
    check_protected(request)
    said = first(sent, "contact")
    wanted = first(sent, "channel") == Channel.WHATSAPP.value and "@" not in said
    return parse_contact(said, Channel.WHATSAPP if wanted else None)


def check_protected(request: Request) -> None:
    """Raises BadInputError where others on the way could read a session."""
    if not is_protected(request.url.scheme, request.url.hostname):
        raise BadInputError(NOT_PROTECTED_MESSAGE)


def address_of(request: Request) -> str:
    """Where on the network a request comes from."""
    return request.client.host if request.client else ""


def _contact_page(visit: Visit, form: Form, status: int = 200) -> HTMLResponse:
    return visit.render("sign_in/contact.html", status, form=form)


def _code_page(visit: Visit, services: Services, step: Step, form: Form, status: int = 200) -> HTMLResponse:
    contact = challenged_contact(services.doors.cache, services.database.vault, step.secret)
    hint = contact.hint if contact else None
    return visit.render("sign_in/code.html", status, form=form, hint=hint)


def _new_page(visit: Visit, form: Form, status: int = 200) -> HTMLResponse:
    return visit.render("sign_in/new.html", status, form=form, consents=consent_choices(visit.t))


def _on(visit: Visit, page: str, sent: Typed, step: Step) -> Response:
    """To the next step, whose secret no address holds."""
    response = visit.go(f"sign-in/{page}?{urlencode({'next': first(sent, 'next')})}")
    keep_step(response, step)
    return response


def keep_step(response: Response, step: Step) -> None:
    """Have the browser keep what the next step needs, for a while."""
    held = f"{step.kind}.{step.secret}"
    response.set_cookie(STEP, held, max_age=STEP_LIVES, path="/", secure=True, httponly=True, samesite="lax")


def _entered(visit: Visit, token: str, sent: Typed) -> Response:
    response = RedirectResponse(own_path(first(sent, "next")) or f"/{visit.t.language}/me", 303)
    response.headers["Cache-Control"] = "no-store"
    response.delete_cookie(STEP, path="/", secure=True, httponly=True, samesite="lax")
    remember(response, token)
    return response


def gone(visit: Visit, *, erased: bool = False) -> HTMLResponse:
    """The page of who has left: nothing of theirs stays in the browser."""
    response = replace(visit, actor=STRANGER).render("sign_in/gone.html", erased=erased)
    forget(response)
    return response
