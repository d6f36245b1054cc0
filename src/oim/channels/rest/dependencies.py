"""Dependencies of the routes: the caller, by the bearer token of their session, and the language of answers.

Cookies are ignored, so that no web page can make a browser call the API in a visitor's name.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from oim.channels.http.costs import spend_points, spend_search_points
from oim.channels.http.requests import client_address
from oim.channels.http.services import ServicesOf
from oim.features import access
from oim.features.access import STRANGER, Actor, Role
from oim.features.sign_in import Origin
from oim.kit.errors import NotFoundError, SignInError, UnavailableError
from oim.kit.i18n import Translator, mark, negotiate_language, translator

PinOf = Annotated[str, Header(alias="OIM-PIN", max_length=20, description="Your PIN, asked for once more.")]

SESSION_SCHEME = "Session"  # its name in the description
_BEARER = HTTPBearer(
    scheme_name=SESSION_SCHEME,
    auto_error=False,
    description="`token` of `POST /v1/sessions` or `POST /v1/staff/sessions`.",
)
_Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]
SIGN_IN_FIRST = mark("Sign in first: send the token of a session as `Authorization: Bearer …`.")


# Dependencies that wait for nothing are `async`: others are called in a thread each, for every request.
async def bearer_token(credentials: _Credentials) -> str:
    """The bearer token of the request; empty without one."""
    return credentials.credentials if credentials else ""


async def _get_address(request: Request) -> str:
    """The network address a call comes from."""
    return client_address(request)


async def _get_origin(
    request: Request,
    device: Annotated[
        str, Header(alias="OIM-Device", max_length=100, description="`device` of the last session opened.")
    ] = "",
) -> Origin:
    """Where a call comes from, with the device that it presents."""
    return Origin(client_address(request), device)


TokenOf = Annotated[str, Depends(bearer_token)]
AddressOf = Annotated[str, Depends(_get_address)]
OriginOf = Annotated[Origin, Depends(_get_origin)]


def find_caller(request: Request, services: ServicesOf, token: TokenOf) -> Actor | None:
    """Find the actor of a session token; None without a token, or if its session is over.

    Raises UnavailableError.
    """
    # Both the rate limit and the route ask for the caller; one look-up in Valkey serves the whole request.
    if not hasattr(request.state, "caller"):
        request.state.caller = services.sign_in.sessions.find(token) if token else None
    actor: Actor | None = request.state.caller
    return actor


def get_caller(request: Request, services: ServicesOf, token: TokenOf) -> Actor:
    """The caller; `STRANGER` without a token. Raises SignInError if the session of the token is over."""
    if not token:
        return STRANGER
    actor = find_caller(request, services, token)
    if actor is None:
        raise SignInError(SIGN_IN_FIRST)
    return actor


def _find_known_caller(request: Request, services: ServicesOf, token: TokenOf) -> Actor | None:
    """The caller of a route for everybody; None if nothing or nobody says who it is."""
    try:
        return find_caller(request, services, token)
    except UnavailableError:
        return None


KnownCaller = Annotated[Actor | None, Depends(_find_known_caller)]
CallerOf = Annotated[Actor, Depends(get_caller)]


async def _get_spend(services: ServicesOf, caller: KnownCaller, address: AddressOf) -> Callable[[int], None]:
    """What takes points of the caller for what a route is about to do. It raises TooManyError."""
    return partial(spend_points, services, caller, address)


async def _get_spend_search(
    services: ServicesOf, caller: KnownCaller, request: Request
) -> Callable[[int], bool]:
    """The same for finding offers: it returns whether to find them by words alone."""
    return partial(spend_search_points, services, caller, request)


SpendOf = Annotated[Callable[[int], None], Depends(_get_spend)]
SpendSearchOf = Annotated[Callable[[int], bool], Depends(_get_spend_search)]


def takes_points(points: int) -> Any:
    """Build the dependency of a route that always costs the same. It raises TooManyError."""

    def take_points(spend: SpendOf) -> None:
        spend(points)

    return Depends(take_points)


async def require_session(caller: CallerOf) -> Actor:
    """The caller, who must be signed in. Raises SignInError for a stranger."""
    if caller is STRANGER:
        raise SignInError(SIGN_IN_FIRST)
    return caller


SignedInOf = Annotated[Actor, Depends(require_session)]


async def require_person(caller: SignedInOf) -> Actor:
    """The caller, who must be a person. Raises SignInError for a stranger, NotFoundError for staff."""
    # 404 instead of 403: a refusal does not reveal what there is for others.
    if caller.role is not Role.PERSON:
        raise NotFoundError(
            mark("This is for people who look for a job, a course or support, once they are signed in.")
        )
    return caller


async def require_staff(caller: SignedInOf) -> Actor:
    """The caller, who must be staff. Raises SignInError for a stranger, NotFoundError for a person."""
    if not caller.is_staff:
        raise NotFoundError(mark("This is for staff."))
    return caller


PersonOf = Annotated[Actor, Depends(require_person)]
StaffOf = Annotated[Actor, Depends(require_staff)]


def get_translator(request: Request) -> Translator:
    """The translator for the language of a request (`Accept-Language`), French by default."""
    return translator(negotiate_language(request.headers.get("accept-language")))


async def _get_translator(request: Request) -> Translator:
    return get_translator(request)


TranslatorOf = Annotated[Translator, Depends(_get_translator)]


def person_id_of(caller: Actor) -> UUID:
    """The caller's id. Raises NotFoundError for a stranger, who has none."""
    if caller.id is None:
        raise NotFoundError(access.NOT_FOUND_MESSAGE)
    return caller.id
