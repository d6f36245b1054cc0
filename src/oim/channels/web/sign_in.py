"""Signing in and joining, a page a step: contact, code, then name and PIN; and signing out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from oim.channels.http.requests import check_protected, client_address
from oim.channels.http.services import Services, ServicesOf
from oim.channels.web.authentication import SignedInOf, clear_browser_data, set_session_cookie
from oim.channels.web.errors import status_of
from oim.channels.web.form import Form, with_error
from oim.channels.web.pages import PageContext, PageOf
from oim.channels.web.security import SESSION_COOKIE, PostedForm, safe_next_path
from oim.channels.wording import consent_choices
from oim.features.access import STRANGER
from oim.features.consents import Purpose
from oim.features.people import Channel, Contact, parse_contact
from oim.features.sign_in import (
    Registration,
    find_challenge_contact,
    redeem_challenge,
    register_person,
    send_code,
    sign_in_person,
)
from oim.kit.errors import OimError
from oim.kit.fields import FormFields, first_value

STEP_COOKIE = "__Host-oim-step"  # what the next step needs: no address may hold it
STEP_MAX_AGE = 15 * 60  # seconds

router = APIRouter(prefix="/sign-in")
sign_out_router = APIRouter()
NextPath = Annotated[str, Query(alias="next")]


@dataclass(frozen=True, slots=True)
class Step:
    """What a browser keeps between two steps: a challenge, or a ticket."""

    kind: str
    secret: str


def _read_step(request: Request) -> Step:
    kind, _, secret = request.cookies.get(STEP_COOKIE, "").partition(".")
    return Step(kind, secret)


StepOf = Annotated[Step, Depends(_read_step)]


@router.get("")
def ask_contact(page: PageOf, next_: NextPath = "") -> HTMLResponse:
    """Which telephone or mailbox."""
    return _render_contact(page, Form({"next": [next_]}))


@router.post("")
def submit_contact(page: PageOf, services: ServicesOf, form: PostedForm) -> Response:
    """A code to that contact, known or not: the answer is the same."""
    try:
        step = send_contact_code(page, services, form)
    except OimError as error:
        return _render_contact(page, with_error(form, error, page.t), status_of(error))
    return _redirect_to_step(page, "code", form, step)


@router.get("/code")
def ask_code(page: PageOf, services: ServicesOf, step: StepOf, next_: NextPath = "") -> HTMLResponse:
    """Which code came."""
    return _render_code(page, services, step, Form({"next": [next_]}))


@router.post("/code")
def submit_code(page: PageOf, services: ServicesOf, step: StepOf, form: PostedForm) -> Response:
    """The code of the message."""
    try:
        ticket = redeem_challenge(
            services.sign_in.cache, services.database.vault, step.secret, first_value(form, "code")
        )
    except OimError as error:
        return _render_code(page, services, step, with_error(form, error, page.t), status_of(error))
    return _redirect_to_step(page, "who", form, Step("ticket", ticket))


@router.get("/who")
def ask_name(page: PageOf, next_: NextPath = "") -> HTMLResponse:
    """Who of those who use this contact."""
    return page.render("sign_in/who.html", form=Form({"next": [next_]}))


@router.post("/who")
def submit_name(page: PageOf, services: ServicesOf, step: StepOf, form: PostedForm) -> Response:
    """Name and PIN of who was here before."""
    try:
        with services.database.write() as session:
            actor = sign_in_person(
                session, services.sign_in, step.secret, first_value(form, "name"), first_value(form, "pin")
            )
    except OimError as error:
        filled_form = with_error({**form, "pin": []}, error, page.t)
        return page.render("sign_in/who.html", status_of(error), form=filled_form)
    return _start_session(page, services.sign_in.sessions.open(actor), form)


@router.get("/new")
def ask_registration(page: PageOf, next_: NextPath = "") -> HTMLResponse:
    """Name, PIN and consents of who is new here."""
    return _render_registration(page, Form({"next": [next_]}))


@router.post("/new")
def submit_registration(page: PageOf, services: ServicesOf, step: StepOf, form: PostedForm) -> Response:
    """A new person, with what they agree to."""
    agreed = frozenset(form.get("consent", ()))
    newcomer = Registration(
        name=first_value(form, "name"),
        pin=first_value(form, "pin"),
        language=page.t.language,
        channel="web",
        consents={purpose: purpose.value in agreed for purpose in Purpose},
    )
    try:
        with services.database.write() as session:
            actor = register_person(session, services.sign_in, step.secret, newcomer)
    except OimError as error:
        return _render_registration(page, with_error({**form, "pin": []}, error, page.t), status_of(error))
    return _start_session(page, services.sign_in.sessions.open(actor), form)


@sign_out_router.post("/sign-out")
def sign_out(page: PageOf, services: ServicesOf) -> HTMLResponse:
    """End this session, and leave nothing of it on the telephone."""
    services.sign_in.sessions.end(page.request.cookies.get(SESSION_COOKIE, ""))
    return render_signed_out(page)


@sign_out_router.post("/sign-out/everywhere")
def sign_out_everywhere(page: PageOf, services: ServicesOf, actor: SignedInOf) -> HTMLResponse:
    """End every session of theirs, on whatever telephone."""
    if actor.id is not None:
        services.sign_in.sessions.end_all(actor.id)
    return render_signed_out(page)


def send_contact_code(page: PageContext, services: Services, form: FormFields) -> Step:
    """Have a code sent to the contact of the form. Raises BadInputError, TooManyError."""
    contact = parse_posted_contact(page.request, form)
    with services.database.write() as session:
        challenge = send_code(
            session,
            services.sign_in,
            contact,
            language=page.t.language,
            address=client_address(page.request),
        )
    return Step("challenge", challenge)


def parse_posted_contact(request: Request, form: FormFields) -> Contact:
    """The contact of the form. Raises BadInputError."""
    check_protected(request)
    said = first_value(form, "contact")
    wanted = first_value(form, "channel") == Channel.WHATSAPP.value and "@" not in said
    return parse_contact(said, Channel.WHATSAPP if wanted else None)


def _render_contact(page: PageContext, form: Form, status: int = 200) -> HTMLResponse:
    return page.render("sign_in/contact.html", status, form=form)


def _render_code(
    page: PageContext, services: Services, step: Step, form: Form, status: int = 200
) -> HTMLResponse:
    contact = find_challenge_contact(services.sign_in.cache, services.database.vault, step.secret)
    hint = contact.hint if contact else None
    return page.render("sign_in/code.html", status, form=form, hint=hint)


def _render_registration(page: PageContext, form: Form, status: int = 200) -> HTMLResponse:
    return page.render("sign_in/new.html", status, form=form, consents=consent_choices(page.t))


def _redirect_to_step(page: PageContext, step_name: str, form: FormFields, step: Step) -> Response:
    """To the next step, whose secret no address holds."""
    response = page.redirect(f"sign-in/{step_name}?{urlencode({'next': first_value(form, 'next')})}")
    set_step_cookie(response, step)
    return response


def set_step_cookie(response: Response, step: Step) -> None:
    """Have the browser keep what the next step needs, for a while."""
    held = f"{step.kind}.{step.secret}"
    response.set_cookie(
        STEP_COOKIE, held, max_age=STEP_MAX_AGE, path="/", secure=True, httponly=True, samesite="lax"
    )


def _start_session(page: PageContext, token: str, form: FormFields) -> Response:
    response = RedirectResponse(safe_next_path(first_value(form, "next")) or f"/{page.t.language}/me", 303)
    response.headers["Cache-Control"] = "no-store"
    response.delete_cookie(STEP_COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    set_session_cookie(response, token)
    return response


def render_signed_out(page: PageContext, *, erased: bool = False) -> HTMLResponse:
    """The page of who has left: nothing of theirs stays in the browser."""
    response = replace(page, actor=STRANGER).render("sign_in/gone.html", erased=erased)
    clear_browser_data(response)
    return response
