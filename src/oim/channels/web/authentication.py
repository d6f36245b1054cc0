"""The visitor of a page: the actor of the session cookie, looked up once per request, and who may enter.

Beside the session a browser keeps the mark of its device, which opens nothing: see `sign_in.devices`.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.concurrency import run_in_threadpool

from oim.channels.http.requests import client_address
from oim.channels.http.services import Services, ServicesOf
from oim.channels.web.cookies import delete_cookie, set_cookie
from oim.channels.web.security import DEVICE_COOKIE, SESSION_COOKIE, UNSENT_COOKIE, VISIT_COOKIE
from oim.features.access import STRANGER, Actor, Role
from oim.features.sign_in import DEVICE_LIFETIME, STAY_TIMEOUT, Origin, SignedIn, renew_device
from oim.kit.errors import NotFoundError, SignInError, UnavailableError
from oim.kit.i18n import mark

SIGN_IN_FIRST = mark("Sign in to see this page.")


async def get_actor(request: Request, services: ServicesOf) -> Actor:
    """The visitor of a page that is open to everybody; a stranger where the session store is unavailable."""
    if SESSION_COOKIE not in request.cookies:
        return STRANGER  # without a thread, which only the session store needs
    try:
        return await run_in_threadpool(_find_actor, request, services)
    except UnavailableError:
        return STRANGER


def _find_actor(request: Request, services: Services) -> Actor:
    """The actor of the request's session, or STRANGER. Raises UnavailableError."""
    # Stored on the request: several dependencies ask for it, and an error page shows the same visitor.
    actor: Actor | None = getattr(request.state, "actor", None)
    if actor is None:
        token = request.cookies.get(SESSION_COOKIE)
        actor = (services.sign_in.sessions.find(token) if token else None) or STRANGER
        request.state.actor = actor
    return actor


def require_person(request: Request, services: ServicesOf) -> Actor:
    """The person who visits their own pages. Raises SignInError for anybody else, staff included."""
    actor = _find_actor(request, services)
    if actor.role is not Role.PERSON:
        raise SignInError(SIGN_IN_FIRST)
    return actor


def require_staff(request: Request, services: ServicesOf) -> Actor:
    """The member of staff who visits. Raises SignInError for strangers, NotFoundError for people."""
    actor = _find_actor(request, services)
    # To a person the pages of staff do not exist; signing in again would not help them.
    if actor.role is Role.PERSON:
        raise NotFoundError(mark("There is no page at this address."))
    if not actor.is_staff:
        raise SignInError(SIGN_IN_FIRST)
    return actor


def _require_signed_in(request: Request, services: ServicesOf) -> Actor:
    """The visitor, a person or staff. Raises SignInError for strangers."""
    actor = _find_actor(request, services)
    if actor is STRANGER:
        raise SignInError(SIGN_IN_FIRST)
    return actor


SignedInOf = Annotated[Actor, Depends(_require_signed_in)]
ActorOf = Annotated[Actor, Depends(get_actor)]
PersonOf = Annotated[Actor, Depends(require_person)]
StaffOf = Annotated[Actor, Depends(require_staff)]


def set_session_cookie(response: Response, token: str, *, stay: bool = False) -> None:
    """Give a browser a session, which only this host receives.

    The cookie ends when the browser closes, or, where the person asked to `stay`, after 30 days.
    """
    # `lax`: a link on another site opens our pages signed in, but a form sent from there carries no cookie.
    set_cookie(response, SESSION_COOKIE, token, STAY_TIMEOUT if stay else None)


def set_sign_in_cookies(request: Request, response: Response, signed_in: SignedIn) -> None:
    """Give the browser of somebody who has signed in a session, and a mark if it has lost its own."""
    set_session_cookie(response, signed_in.token, stay=signed_in.stay)
    # The one it has stays as it is: its end would tell that somebody signed in, and when.
    if request.cookies.get(DEVICE_COOKIE) != signed_in.device:
        _set_device_cookie(response, signed_in.device)


def mark_browser(request: Request, services: Services, response: Response) -> None:
    """Give a browser that opens the form to sign in its mark, or the one it has for longer.

    Were it given to those who have signed in alone, it would tell who shares the telephone that somebody did.
    """
    _set_device_cookie(response, renew_device(services.database.vault, find_origin(request).device))


def _set_device_cookie(response: Response, device: str) -> None:
    """Have a browser keep its mark when it closes, and when its user signs out: it names nobody."""
    # `lax`: a link on another site that opens the form sends the mark too; else it would be replaced.
    set_cookie(response, DEVICE_COOKIE, device, DEVICE_LIFETIME)


def forget_device(response: Response) -> None:
    """Have a browser forget its mark, and with it that anybody signed in on it."""
    delete_cookie(response, DEVICE_COOKIE)


def find_origin(request: Request) -> Origin:
    """Where a request comes from, with the mark of a known device if the browser has one."""
    return Origin(client_address(request), request.cookies.get(DEVICE_COOKIE, ""))


def clear_browser_data(response: Response) -> None:
    """Remove a session from a browser: the cookie, cached pages, and offers saved for offline use."""
    for cookie in (SESSION_COOKIE, VISIT_COOKIE, UNSENT_COOKIE):
        delete_cookie(response, cookie)
    # `storage` covers the service worker and the pages that it saved.
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
