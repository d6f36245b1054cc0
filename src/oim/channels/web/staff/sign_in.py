"""Signing in with an address, a password and a one-time code; and the first time, by an invitation."""

from __future__ import annotations

import segno
from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup

from oim.channels.web.authentication import remember
from oim.channels.web.errors import status_of
from oim.channels.web.form import Form, first, refused
from oim.channels.web.pages import Visit, VisitOf
from oim.channels.web.security import SentForm, own_path
from oim.channels.web.services import Services, ServicesOf
from oim.channels.web.sign_in import Next, address_of, check_protected
from oim.features import staff
from oim.features.sign_in import staff_enter
from oim.kit.errors import OimError

router = APIRouter()


@router.get("/sign-in")
def ask(visit: VisitOf, next_: Next = "") -> HTMLResponse:
    """The three secrets, all on one page: which of them is wrong is not told."""
    return _page(visit, Form({"next": [next_]}))


@router.post("/sign-in")
def enter(visit: VisitOf, services: ServicesOf, sent: SentForm) -> Response:
    """Come in, to the page that was asked for."""
    three = first(sent, "email"), next(iter(sent.get("password", ())), ""), first(sent, "code")
    try:
        check_protected(visit.request)
        with services.database.write() as session:
            actor = staff_enter(session, services.doors, *three, address=address_of(visit.request))
    except OimError as error:
        return _page(visit, refused({**sent, "password": [], "code": []}, error, visit.t), status_of(error))
    where = own_path(first(sent, "next")) or f"/{visit.t.language}/staff"
    response = RedirectResponse(where, 303, {"Cache-Control": "no-store"})
    remember(response, services.doors.sessions.open(actor))
    return response


@router.get("/welcome/{secret}")
def welcome(secret: str, visit: VisitOf, services: ServicesOf) -> HTMLResponse:
    """Who follows an invitation chooses a password and sets their authenticator up."""
    return _welcome(visit, services, secret, Form())


@router.post("/welcome/{secret}")
def confirm(secret: str, visit: VisitOf, services: ServicesOf, sent: SentForm) -> Response:
    """The password they choose, proved by a first code."""
    password = next(iter(sent.get("password", ())), "")
    try:
        check_protected(visit.request)
        with services.database.write() as session:
            staff.confirm(session, secret, password, first(sent, "code"))
    except OimError as error:
        return _welcome(visit, services, secret, refused({}, error, visit.t), status_of(error))
    return visit.go("staff/sign-in")


def _page(visit: Visit, form: Form, status: int = 200) -> HTMLResponse:
    return visit.render("staff/sign_in.html", status, form=form)


def _welcome(visit: Visit, services: Services, secret: str, form: Form, status: int = 200) -> HTMLResponse:
    with services.database.read() as session:
        newcomer = staff.invited(session, secret)
    picture = segno.make(newcomer.uri, error="m").svg_inline(scale=4, border=2, omitsize=True)
    groups = " ".join(newcomer.key[at : at + 4] for at in range(0, len(newcomer.key), 4))
    return visit.render(
        "staff/welcome.html",
        status,
        form=form,
        secret=secret,
        newcomer=newcomer,
        key=groups,
        picture=Markup(picture),  # noqa: S704 (drawn here, of letters that we chose)
    )
