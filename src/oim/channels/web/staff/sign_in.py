"""The sign-in of staff with e-mail, password and one-time code, and the first visit by an invitation."""

from __future__ import annotations

import segno
from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup

from oim.channels.http.requests import check_protected
from oim.channels.http.services import Services, ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.web.authentication import find_origin, mark_browser, set_sign_in_cookies
from oim.channels.web.form import Form, with_error
from oim.channels.web.pages import PageContext, PageOf
from oim.channels.web.security import PostedForm, safe_next_path
from oim.channels.web.sign_in import NextPath
from oim.channels.web.statuses import Status
from oim.features import staff
from oim.features.sign_in import StaffCredentials, begin_enrolment, sign_in_staff
from oim.kit.errors import OimError
from oim.kit.fields import first_value

router = APIRouter(route_class=PersonalRoute)


@router.get("/sign-in")
def ask_credentials(page: PageOf, services: ServicesOf, next_: NextPath = "") -> HTMLResponse:
    """Show the form for the e-mail, the password and the code.

    All on one page: an error then does not reveal which of the three is wrong.
    """
    response = _render(page, Form({"next": [next_]}))
    mark_browser(page.request, services, response)
    return response


@router.post("/sign-in")
def submit_credentials(page: PageOf, services: ServicesOf, form: PostedForm) -> Response:
    """Sign in, and redirect to the page that was asked for. Refused on a connection others could read."""
    credentials = StaffCredentials(
        first_value(form, "email"),
        # The password as it was typed: `first_value` would strip it.
        next(iter(form.get("password", ())), ""),
        first_value(form, "code"),
    )
    try:
        check_protected(page.request)
        signed_in = sign_in_staff(
            services.database, services.sign_in, credentials, origin=find_origin(page.request)
        )
    except OimError as error:
        # Neither the password nor the code is sent back into the page.
        return _render(page, with_error({**form, "password": [], "code": []}, error, page.t), error)
    # A `next` that is not a path of ours is dropped: no open redirect.
    url = safe_next_path(first_value(form, "next")) or f"/{page.t.language}/staff"
    response = RedirectResponse(url, 303, {"Cache-Control": "no-store"})
    set_sign_in_cookies(page.request, response, signed_in)
    return response


@router.get("/welcome/{secret}")
def show_invitation(secret: str, page: PageOf, services: ServicesOf) -> HTMLResponse:
    """Show the page of an invitation: it asks for a password and, behind another secret, shows the key."""
    return _render_invitation(page, services, secret, Form())


@router.post("/welcome/{secret}")
def accept_invitation(secret: str, page: PageOf, services: ServicesOf, form: PostedForm) -> Response:
    """Go on to the authenticator by the password, or confirm the account by a first code of it."""
    try:
        check_protected(page.request)
        if "code" not in form:
            password = next(iter(form.get("password", ())), "")
            origin = find_origin(page.request)
            enrolment = begin_enrolment(services.database, services.sign_in, secret, password, origin=origin)
            return page.redirect(f"staff/welcome/{enrolment}")
        codes = staff.confirm_account(services.database, secret, first_value(form, "code"))
    except OimError as error:
        return _render_invitation(page, services, secret, with_error({}, error, page.t), error)
    # Only hashes are stored: this page is the only one that can show them.
    return page.render("staff/recovery_codes.html", codes=codes)


def _render(page: PageContext, form: Form, status: Status = 200) -> HTMLResponse:
    return page.render("staff/sign_in.html", status, form=form)


def _render_invitation(
    page: PageContext, services: Services, secret: str, form: Form, status: Status = 200
) -> HTMLResponse:
    """Render the invitation page; once the password was given, with the key as a QR code and as text.

    Raises NotFoundError where the invitation was used or is too old.
    """
    with services.database.read() as session:
        newcomer = staff.find_invited_member(session, secret)
    # Level M: a reader can restore about 15 % of the picture, on a screen with scratches or glare.
    picture = newcomer.key and segno.make(newcomer.uri, error="m").svg_inline(
        scale=4, border=2, omitsize=True
    )
    # In groups of four, to be typed by hand.
    groups = " ".join(newcomer.key[at : at + 4] for at in range(0, len(newcomer.key), 4))
    return page.render(
        "staff/welcome.html",
        status,
        form=form,
        secret=secret,
        newcomer=newcomer,
        key=groups,
        picture=Markup(picture),  # noqa: S704 (drawn here, of letters that we chose)
    )
