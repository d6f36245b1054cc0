"""Signing in, registering and signing out of people.

Each step is a page: contact, code, then name and PIN, or the registration of somebody new.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from oim.channels.http.requests import check_protected
from oim.channels.http.services import Services, ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.web.authentication import (
    SignedInOf,
    clear_browser_data,
    find_origin,
    forget_device,
    mark_browser,
    set_sign_in_cookies,
)
from oim.channels.web.cookies import delete_cookie, set_cookie
from oim.channels.web.form import Form, with_error
from oim.channels.web.new_pin import find_new_pin_errors
from oim.channels.web.pages import PageContext, PageOf
from oim.channels.web.security import SESSION_COOKIE, PostedForm, safe_next_path
from oim.channels.web.statuses import Status
from oim.channels.wording import consent_choices, render_error
from oim.features.access import STRANGER
from oim.features.consents import Purpose
from oim.features.people import Channel, Contact, parse_contact
from oim.features.sign_in import (
    JoinedMeanwhileError,
    PersonCredentials,
    Registration,
    SignedIn,
    find_challenge_contact,
    redeem_challenge,
    register_person,
    send_code,
    sign_in_person,
)
from oim.kit.errors import OimError
from oim.kit.fields import FormFields, first_value

# Holds the secret of the next step. An address may not: it stays in the history and in logs.
STEP_COOKIE = "__Host-oim-step"
STEP_LIFETIME = timedelta(minutes=15)  # as long as a ticket lives (`TICKET_LIFETIME`)

router = APIRouter(route_class=PersonalRoute, prefix="/sign-in")
sign_out_router = APIRouter(route_class=PersonalRoute)
NextPath = Annotated[str, Query(alias="next")]


@dataclass(frozen=True, slots=True)
class Step:
    """What the browser holds between two steps."""

    kind: str  # "challenge": a code was sent; "ticket": the code was right
    secret: str  # the challenge or ticket itself


def _read_step(request: Request) -> Step:
    """The step in the cookie; empty without one, which the features refuse like one that is too old."""
    # The kind is not checked: a challenge is not found among the tickets, nor a ticket among the challenges.
    kind, _, secret = request.cookies.get(STEP_COOKIE, "").partition(".")
    return Step(kind, secret)


StepOf = Annotated[Step, Depends(_read_step)]


@router.get("")
def ask_contact(page: PageOf, services: ServicesOf, next_: NextPath = "") -> HTMLResponse:
    """Show the form that asks for a phone number or an e-mail address."""
    response = _render_contact(page, Form({"next": [next_]}))
    mark_browser(page.request, services, response)
    return response


@router.post("")
def submit_contact(page: PageOf, services: ServicesOf, form: PostedForm) -> Response:
    """Send a code to the contact. The answer is the same whether somebody uses it on OIM or not."""
    try:
        step = send_contact_code(page, services, form)
    except OimError as error:
        return _render_contact(page, with_error(form, error, page.t), error)
    return _redirect_to_step(page, "code", form, step)


@router.get("/code")
def ask_code(page: PageOf, services: ServicesOf, step: StepOf, next_: NextPath = "") -> HTMLResponse:
    """Show the form that asks for the code that was sent."""
    return _render_code(page, services, step, Form({"next": [next_]}))


@router.post("/code")
def submit_code(page: PageOf, services: ServicesOf, step: StepOf, form: PostedForm) -> Response:
    """Check the code, and go on to the question who signs in."""
    try:
        ticket = redeem_challenge(
            services.sign_in.cache, services.database.vault, step.secret, first_value(form, "code")
        )
    except OimError as error:
        return _render_code(page, services, step, with_error(form, error, page.t), error)
    return _redirect_to_step(page, "who", form, Step("ticket", ticket))


@router.get("/who")
def ask_name(page: PageOf, next_: NextPath = "") -> HTMLResponse:
    """Show the form that asks for name and PIN, since several people may share a contact."""
    return _render_name(page, Form({"next": [next_]}))


@router.post("/who")
def submit_name(page: PageOf, services: ServicesOf, step: StepOf, form: PostedForm) -> Response:
    """Sign in a person who is registered, by name and PIN."""
    try:
        credentials = PersonCredentials(
            step.secret,
            first_value(form, "name"),
            first_value(form, "pin"),
            find_origin(page.request).device,
            stay="stay" in form,
        )
        signed_in = sign_in_person(services.database, services.sign_in, credentials)
    except OimError as error:
        # A PIN is never sent back to the browser.
        filled_form = with_error({**form, "pin": []}, error, page.t)
        return _render_name(page, filled_form, error)
    return _start_session(page, signed_in, form)


@router.get("/new")
def ask_registration(page: PageOf, next_: NextPath = "") -> HTMLResponse:
    """Show the form that asks a new person for name, PIN and consents."""
    return _render_registration(page, Form({"next": [next_]}))


@router.post("/new")
def submit_registration(page: PageOf, services: ServicesOf, step: StepOf, form: PostedForm) -> Response:
    """Register a new person with the consents they gave, and sign them in."""
    agreed = frozenset(form.get("consent", ()))
    newcomer = Registration(
        name=first_value(form, "name"),
        pin=first_value(form, "pin"),
        language=page.t.language,
        channel="web",
        # Every purpose gets a decision: a box that is not ticked is a refusal.
        consents={purpose: purpose.value in agreed for purpose in Purpose},
        stay="stay" in form,
        only_if_first="other" not in form,
    )
    if errors := find_new_pin_errors(form, page.t):
        return _render_registration(page, Form({**form, "pin": [], "pin_again": []}, errors), 400)
    try:
        signed_in = register_person(
            services.database,
            services.sign_in,
            step.secret,
            newcomer,
            device=find_origin(page.request).device,
        )
    except JoinedMeanwhileError as error:
        return _render_joined(page, form, error)
    except OimError as error:
        return _render_registration(
            page, with_error({**form, "pin": [], "pin_again": []}, error, page.t), error
        )
    return _start_session(page, signed_in, form)


@sign_out_router.post("/sign-out")
def sign_out(page: PageOf, services: ServicesOf) -> HTMLResponse:
    """End this session, and remove its traces from the browser."""
    services.sign_in.sessions.end(page.request.cookies.get(SESSION_COOKIE, ""))
    return render_signed_out(page)


@sign_out_router.post("/sign-out/everywhere")
def sign_out_everywhere(page: PageOf, services: ServicesOf, actor: SignedInOf) -> HTMLResponse:
    """End every session of the visitor, on all devices."""
    if actor.id is not None:
        services.sign_in.sessions.end_all(actor.id)
    return render_signed_out(page)


@sign_out_router.post("/sign-out/device")
def forget_this_device(page: PageOf, services: ServicesOf) -> HTMLResponse:
    """End this session, and have a browser that others use too forget that anybody signed in on it."""
    services.sign_in.sessions.end(page.request.cookies.get(SESSION_COOKIE, ""))
    return render_signed_out(page, forgotten=True)


def send_contact_code(page: PageContext, services: Services, form: FormFields) -> Step:
    """Send a code to the contact in a form. Returns the next step. Raises BadInputError, TooManyError."""
    contact = parse_posted_contact(page.request, form)
    challenge = send_code(
        services.database,
        services.sign_in,
        contact,
        language=page.t.language,
        origin=find_origin(page.request),
    )
    return Step("challenge", challenge)


def parse_posted_contact(request: Request, form: FormFields) -> Contact:
    """Parse the contact in the form. Raises BadInputError, also on a connection that others could read."""
    check_protected(request)
    contact = first_value(form, "contact")
    # WhatsApp may stay chosen although an e-mail address was typed.
    is_whatsapp = first_value(form, "channel") == Channel.WHATSAPP.value and "@" not in contact
    return parse_contact(contact, Channel.WHATSAPP if is_whatsapp else None)


def _render_contact(page: PageContext, form: Form, status: Status = 200) -> HTMLResponse:
    return page.render("sign_in/contact.html", status, form=form)


def _render_code(
    page: PageContext, services: Services, step: Step, form: Form, status: Status = 200
) -> HTMLResponse:
    """Render the form for the code, with a hint at the contact that it was sent to, if it is still valid."""
    contact = find_challenge_contact(services.sign_in.cache, services.database.vault, step.secret)
    hint = contact.hint if contact else None
    return page.render("sign_in/code.html", status, form=form, hint=hint)


def _render_name(page: PageContext, form: Form, status: Status = 200) -> HTMLResponse:
    """Render the form for name and PIN, by which a person who is known signs in."""
    return page.render("sign_in/who.html", status, form=form, notice="", joining=[])


def _render_joined(page: PageContext, form: FormFields, error: JoinedMeanwhileError) -> HTMLResponse:
    """Render the same after a join that another came before, and lead whoever is not they back to it."""
    joining = [(name, value) for name in ("name", "consent", "stay", "next") for value in form.get(name, ())]
    notice = render_error(error, page.t)
    return page.render("sign_in/who.html", error, form=Form(form), notice=notice, joining=joining)


def _render_registration(page: PageContext, form: Form, status: Status = 200) -> HTMLResponse:
    return page.render("sign_in/new.html", status, form=form, consents=consent_choices(page.t))


def _redirect_to_step(page: PageContext, step_name: str, form: FormFields, step: Step) -> Response:
    """Redirect to the next step; its secret goes into a cookie, not into the address."""
    next_path = first_value(form, "next")
    query = f"?{urlencode({'next': next_path})}" if next_path else ""
    response = page.redirect(f"sign-in/{step_name}{query}")
    set_step_cookie(response, step)
    return response


def set_step_cookie(response: Response, step: Step) -> None:
    """Have the browser hold what the next step needs, for at most `STEP_LIFETIME`."""
    value = f"{step.kind}.{step.secret}"
    set_cookie(response, STEP_COOKIE, value, STEP_LIFETIME)


def _start_session(page: PageContext, signed_in: SignedIn, form: FormFields) -> Response:
    """Redirect a visitor who has signed in to the page they came from, else to their own space."""
    response = RedirectResponse(safe_next_path(first_value(form, "next")) or f"/{page.t.language}/me", 303)
    response.headers["Cache-Control"] = "no-store"
    # The ticket is spent, and the session is always a new one: one planted in the browser before is replaced.
    delete_cookie(response, STEP_COOKIE)
    set_sign_in_cookies(page.request, response, signed_in)
    return response


def render_signed_out(page: PageContext, *, erased: bool = False, forgotten: bool = False) -> HTMLResponse:
    """Render the page after signing out, and clear the browser.

    `erased`: their account was erased too. `forgotten`: the device is to be forgotten, as after an erasure.
    """
    is_forgotten = erased or forgotten
    # As a stranger: the request still carries the session that has just ended.
    response = replace(page, actor=STRANGER).render(
        "sign_in/gone.html", erased=erased, forgotten=is_forgotten
    )
    clear_browser_data(response)
    if is_forgotten:
        forget_device(response)
    return response
