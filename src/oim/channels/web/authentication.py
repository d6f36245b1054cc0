"""Who visits: the session of a cookie, looked up once a request."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Response

from oim.channels.http.services import Services, ServicesOf
from oim.channels.web.security import SESSION_COOKIE
from oim.features.access import STRANGER, Actor, Role
from oim.kit.errors import NotFoundError, SignInError, UnavailableError
from oim.kit.i18n import mark

SIGN_IN_FIRST = mark("Sign in to see this page.")


def get_actor(request: Request, services: ServicesOf) -> Actor:
    """Who visits, where a page is for everybody: who cannot be told is a stranger."""
    try:
        return _find_actor(request, services)
    except UnavailableError:
        return STRANGER


def _find_actor(request: Request, services: Services) -> Actor:
    held: Actor | None = getattr(request.state, "actor", None)
    if held is None:
        token = request.cookies.get(SESSION_COOKIE)
        held = (services.sign_in.sessions.find(token) if token else None) or STRANGER
        request.state.actor = held
    return held


def require_person(request: Request, services: ServicesOf) -> Actor:
    """Who visits their own pages. Raises SignInError."""
    actor = _find_actor(request, services)
    if actor.role is not Role.PERSON:
        raise SignInError(SIGN_IN_FIRST)
    return actor


def require_staff(request: Request, services: ServicesOf) -> Actor:
    """Who of the staff visits. Raises SignInError, and NotFoundError for people."""
    actor = _find_actor(request, services)
    if actor.role is Role.PERSON:
        raise NotFoundError(mark("There is no page at this address."))
    if not actor.is_staff:
        raise SignInError(SIGN_IN_FIRST)
    return actor


def _require_signed_in(request: Request, services: ServicesOf) -> Actor:
    actor = _find_actor(request, services)
    if actor is STRANGER:
        raise SignInError(SIGN_IN_FIRST)
    return actor


SignedInOf = Annotated[Actor, Depends(_require_signed_in)]
ActorOf = Annotated[Actor, Depends(get_actor)]
PersonOf = Annotated[Actor, Depends(require_person)]
StaffOf = Annotated[Actor, Depends(require_staff)]


def set_session_cookie(response: Response, token: str) -> None:
    """Give a browser a session. The cookie ends with the browser, and is sent to nobody else."""
    response.set_cookie(SESSION_COOKIE, token, path="/", secure=True, httponly=True, samesite="lax")


def clear_browser_data(response: Response) -> None:
    """Take everything of a session from a browser: the cookie, pages kept, offers kept for offline."""
    response.delete_cookie(SESSION_COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
