"""A forgotten PIN: asking for a new one, letting it serve at once by a second contact, and cancelling it.

Whoever asks has proved a contact on the pages of signing in. No page says whether anybody has the name.
"""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from oim.channels.http.services import Services, ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.web.authentication import find_origin
from oim.channels.web.form import Form, with_error
from oim.channels.web.new_pin import find_new_pin_errors
from oim.channels.web.pages import PageContext, PageOf
from oim.channels.web.security import PostedForm
from oim.channels.web.sign_in import Step, StepOf, send_contact_code, set_step_cookie
from oim.channels.web.statuses import Status
from oim.channels.wording import render_moment
from oim.features.sign_in import (
    PersonCredentials,
    cancel_by_secret,
    compute_claim_number,
    confirm_pin_request,
    find_challenge_contact,
    redeem_challenge,
    request_pin,
)
from oim.kit.errors import OimError
from oim.kit.fields import first_value

router = APIRouter(route_class=PersonalRoute, prefix="/sign-in/forgotten")
cancel_router = APIRouter(route_class=PersonalRoute, prefix="/pin")


@router.get("")
def ask_new_pin(page: PageOf) -> HTMLResponse:
    """Show the form that asks for the name and for a new PIN, and what will happen."""
    return page.render("sign_in/forgotten.html", form=Form())


@router.post("")
def submit_new_pin(page: PageOf, services: ServicesOf, step: StepOf, form: PostedForm) -> Response:
    """Ask for the new PIN. The page after it is the same for a name that nobody has."""
    if errors := find_new_pin_errors(form, page.t):
        empty_pins = {**form, "pin": [], "pin_again": []}
        return page.render("sign_in/forgotten.html", 400, form=Form(empty_pins, errors))
    try:
        claim = request_pin(
            services.database,
            services.sign_in,
            PersonCredentials(
                step.secret,
                first_value(form, "name"),
                first_value(form, "pin"),
                find_origin(page.request).device,
            ),
            language=page.t.language,
            make_link=lambda secret: f"{services.address}/{page.t.language}/pin/{secret}",
        )
    except OimError as error:
        filled_form = with_error({**form, "pin": [], "pin_again": []}, error, page.t)
        return page.render("sign_in/forgotten.html", error, form=filled_form)
    response = _render_asked(page, claim.secret, Form(), when=render_moment(claim.opens_at, page.t))
    set_step_cookie(response, Step("claim", claim.secret))
    return response


@router.post("/contact")
def request_second_code(page: PageOf, services: ServicesOf, step: StepOf, form: PostedForm) -> Response:
    """Send a code to a second contact, whoever has it."""
    claim, _, _ = step.secret.partition(".")
    try:
        challenge = send_contact_code(page, services, form)
    except OimError as error:
        return _render_asked(page, claim, with_error(form, error, page.t), error)
    response = page.redirect("sign-in/forgotten/code")
    set_step_cookie(response, Step("claim", f"{claim}.{challenge.secret}"))
    return response


@router.get("/code")
def ask_second_code(page: PageOf, services: ServicesOf, step: StepOf) -> HTMLResponse:
    """Show the form for the code that was sent to the second contact."""
    return _render_code(page, services, step, Form())


@router.post("/code")
def submit_second_code(page: PageOf, services: ServicesOf, step: StepOf, form: PostedForm) -> Response:
    """Let the new PIN serve, and go on to sign in by the second contact."""
    claim, _, challenge = step.secret.partition(".")
    cache, vault = services.sign_in.cache, services.database.vault
    try:
        ticket = redeem_challenge(cache, vault, challenge, first_value(form, "code"))
        confirm_pin_request(services.database, services.sign_in, claim, ticket)
    except OimError as error:
        return _render_code(page, services, step, with_error(form, error, page.t), error)
    response = page.redirect("sign-in/who", done="pin-serves")
    set_step_cookie(response, Step("ticket", ticket))
    return response


@cancel_router.get("/{secret}")
def ask_cancellation(secret: str, page: PageOf) -> HTMLResponse:
    """Show the page of a message's link. It cancels nothing yet: programs open links, too."""
    return page.render("sign_in/pin_cancel.html", secret=secret, done=None)


@cancel_router.post("/{secret}")
def cancel_new_pin(secret: str, page: PageOf, services: ServicesOf) -> HTMLResponse:
    """Cancel a new PIN; without one the page says that none waits."""
    done = cancel_by_secret(services.database, secret)
    return page.render("sign_in/pin_cancel.html", secret=secret, done=done)


def _render_asked(
    page: PageContext, claim: str, form: Form, status: Status = 200, when: str = ""
) -> HTMLResponse:
    """Render the page after asking, with the number for a case worker. Without a claim there is none."""
    number = compute_claim_number(claim) if claim else ""
    # In two groups, to be copied and said.
    return page.render(
        "sign_in/pin_asked.html", status, form=form, when=when, number=f"{number[:3]} {number[3:]}".strip()
    )


def _render_code(
    page: PageContext, services: Services, step: Step, form: Form, status: Status = 200
) -> HTMLResponse:
    """Render the form for the code, with a hint at the contact that it was sent to."""
    challenge = step.secret.partition(".")[2]
    contact = find_challenge_contact(services.sign_in.cache, services.database.vault, challenge)
    return page.render("sign_in/pin_code.html", status, form=form, hint=contact.hint if contact else None)
