"""Who visits: the session of a cookie, looked up once a request."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Response

from oim.channels.web.security import COOKIE
from oim.channels.web.services import Services, ServicesOf
from oim.features.access import STRANGER, Actor, Role
from oim.kit.errors import NotFoundError, SignInError, UnavailableError
from oim.kit.i18n import mark

PLEASE = mark("Sign in to see this page.")


def actor_of(request: Request, services: ServicesOf) -> Actor:
    """Who visits, where a page is for everybody: who cannot be told is a stranger."""
    try:
        return _found(request, services)
    except UnavailableError:
        return STRANGER


def _found(request: Request, services: Services) -> Actor:
    held: Actor | None = getattr(request.state, "actor", None)
    if held is None:
        token = request.cookies.get(COOKIE)
        held = (services.doors.sessions.find(token) if token else None) or STRANGER
        request.state.actor = held
    return held


def person_of(request: Request, services: ServicesOf) -> Actor:
    """Who visits their own pages. Raises SignInError."""
    actor = _found(request, services)
    if actor.role is not Role.PERSON:
        raise SignInError(PLEASE)
    return actor


def staff_of(request: Request, services: ServicesOf) -> Actor:
    """Who of the staff visits. Raises SignInError, and NotFoundError for people."""
    actor = _found(request, services)
    if actor.role is Role.PERSON:
        raise NotFoundError(mark("There is no page at this address."))
    if not actor.is_staff:
        raise SignInError(PLEASE)
    return actor


def _somebody(request: Request, services: ServicesOf) -> Actor:
    actor = _found(request, services)
    if actor is STRANGER:
        raise SignInError(PLEASE)
    return actor


SomebodyOf = Annotated[Actor, Depends(_somebody)]
VisitorOf = Annotated[Actor, Depends(actor_of)]
PersonOf = Annotated[Actor, Depends(person_of)]
StaffOf = Annotated[Actor, Depends(staff_of)]


def remember(response: Response, token: str) -> None:
    """Give a browser a session. The cookie ends with the browser, and is sent to nobody else."""
    response.set_cookie(COOKIE, token, path="/", secure=True, httponly=True, samesite="lax")


def forget(response: Response) -> None:
    """Take everything of a session from a browser: the cookie, pages kept, offers kept for offline."""
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
