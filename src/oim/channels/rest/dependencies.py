"""Who calls: the bearer token of a session. No cookie is looked at: no page can call in a visitor's name."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from oim.channels.http.requests import client_address
from oim.channels.http.services import ServicesOf
from oim.features import access
from oim.features.access import STRANGER, Actor, Role
from oim.kit.errors import NotFoundError, SignInError
from oim.kit.i18n import Translator, mark, negotiate_language, translator

PinOf = Annotated[str, Header(alias="OIM-PIN", max_length=20, description="The person's PIN, once more.")]

_BEARER = HTTPBearer(
    auto_error=False, description="`token` of `POST /v1/sessions` or `POST /v1/staff/sessions`."
)
_Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]
SIGN_IN_FIRST = mark("Sign in first: send the token of a session as `Authorization: Bearer …`.")


def bearer_token(credentials: _Credentials) -> str:
    """The token that was sent, else an empty one."""
    return credentials.credentials if credentials else ""


TokenOf = Annotated[str, Depends(bearer_token)]


AddressOf = Annotated[str, Depends(client_address)]  # of the network, where a call comes from


def find_caller(request: Request, services: ServicesOf, token: TokenOf) -> Actor | None:
    """Who a token is of, looked up once a call; none without one that goes on. Raises UnavailableError."""
    if not hasattr(request.state, "caller"):
        request.state.caller = services.sign_in.sessions.find(token) if token else None
    held: Actor | None = request.state.caller
    return held


def get_caller(request: Request, services: ServicesOf, token: TokenOf) -> Actor:
    """Who calls; a stranger without a token. Raises SignInError for a token that is over."""
    if not token:
        return STRANGER
    actor = find_caller(request, services, token)
    if actor is None:
        raise SignInError(SIGN_IN_FIRST)
    return actor


CallerOf = Annotated[Actor, Depends(get_caller)]


def _require_person(caller: CallerOf) -> Actor:
    if caller is STRANGER:
        raise SignInError(SIGN_IN_FIRST)
    if caller.role is not Role.PERSON:
        raise NotFoundError(mark("This is for people who look for a livelihood, signed in as such."))
    return caller


def _require_staff(caller: CallerOf) -> Actor:
    if caller is STRANGER:
        raise SignInError(SIGN_IN_FIRST)
    if not caller.is_staff:
        raise NotFoundError(mark("This is for staff."))
    return caller


PersonOf = Annotated[Actor, Depends(_require_person)]


StaffOf = Annotated[Actor, Depends(_require_staff)]


def get_translator(request: Request) -> Translator:
    """The translator for a request's `Accept-Language`."""
    return translator(negotiate_language(request.headers.get("accept-language")))


TranslatorOf = Annotated[Translator, Depends(get_translator)]


def person_id_of(caller: Actor) -> UUID:
    """The caller's own id."""
    if caller.id is None:
        raise NotFoundError(access.NOT_FOUND_MESSAGE)
    return caller.id
