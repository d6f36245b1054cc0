"""Routes of signing in, registering and signing out.

People prove a contact by a one-time code, get a ticket for it, and open a session by the ticket, their name
and their PIN: several people may share one telephone. Staff use e-mail, password and an authenticator.
"""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Depends, Request, Response

from oim.channels.http.requests import check_protected
from oim.channels.http.services import Services, ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.rest.dependencies import (
    OriginOf,
    SignedInOf,
    TokenOf,
    TranslatorOf,
    person_id_of,
    require_session,
)
from oim.channels.rest.idempotency import REPLAYED_HEADER, Idempotency, IdempotencyOf
from oim.channels.rest.people.sign_in_bodies import (
    ChallengeOut,
    CodeIn,
    ContactIn,
    EntryIn,
    NewcomerIn,
    SessionOut,
    StaffEntryIn,
    TicketOut,
)
from oim.channels.rest.problems import describe
from oim.features.access import Actor, Role
from oim.features.consents import Purpose
from oim.features.people import parse_contact
from oim.features.sign_in import (
    CODE_LIFETIME,
    TICKET_LIFETIME,
    PersonCredentials,
    Registration,
    RunOnce,
    SignedIn,
    StaffCredentials,
    redeem_challenge,
    register_person,
    send_code,
    sign_in_person,
    sign_in_staff,
)


def require_protected(request: Request) -> None:
    """Refuse to receive secrets over an unprotected connection. Raises BadInputError."""
    # Signing out (DELETE) is allowed on any connection: it only takes rights away.
    if request.method == "POST":
        check_protected(request)


router = APIRouter(
    route_class=PersonalRoute, prefix="/v1", tags=["sign-in"], dependencies=[Depends(require_protected)]
)


@router.post(
    "/sign-in/codes", **describe("Send a code to a contact", 409, 429, status=202, model=ChallengeOut)
)
def request_code(
    body: ContactIn, origin: OriginOf, services: ServicesOf, idempotency: IdempotencyOf, t: TranslatorOf
) -> Response:
    """Send a one-time code, whether or not somebody has an account with the contact."""
    contact = parse_contact(body.contact, body.channel)
    seconds = int(CODE_LIFETIME.total_seconds())
    return idempotency.answer_acting(
        services.database,
        202,
        lambda run: send_code(
            services.database, services.sign_in, contact, language=t.language, origin=origin, run=run
        ),
        build=lambda _, challenge: ChallengeOut(
            challenge=challenge, sent_to=contact.hint, expires_in=seconds
        ),
        read=lambda response: ChallengeOut.model_validate_json(bytes(response.body)).challenge,
    )


@router.post("/sign-in/tickets", **describe("Redeem a code", 409, 429, status=201, model=TicketOut))
def redeem_code(body: CodeIn, services: ServicesOf, idempotency: IdempotencyOf) -> Response:
    """Exchange a code for a ticket. Each code works once."""
    vault = services.database.vault

    def act() -> Response:
        # The ticket is the key's own: a call that repeats one which was killed, or still runs, gets the same.
        ticket = redeem_challenge(
            services.sign_in.cache, vault, body.challenge, body.code, idempotency.derive_secret(vault)
        )
        ticket_out = TicketOut(ticket=ticket, expires_in=int(TICKET_LIFETIME.total_seconds()))
        with services.database.write() as session:
            return idempotency.respond(session, 201, lambda: ticket_out)

    return idempotency.answer(services.database, 201, act)


@router.post("/sessions", **describe("Sign in by name and PIN", 401, 409, 429, status=201, model=SessionOut))
def open_session(
    body: EntryIn, origin: OriginOf, services: ServicesOf, idempotency: IdempotencyOf
) -> Response:
    """Open a session for the person with this name and PIN on the ticket's contact."""
    credentials = PersonCredentials(body.ticket, body.name, body.pin, origin.device)
    return _respond_with_session(
        services,
        idempotency,
        lambda run: sign_in_person(services.database, services.sign_in, credentials, run),
    )


@router.post("/people", **describe("Register as a person", 401, 409, 429, status=201, model=SessionOut))
def create_account(
    body: NewcomerIn, origin: OriginOf, services: ServicesOf, idempotency: IdempotencyOf
) -> Response:
    """Create an account on the ticket's contact, and open a session for it."""
    registration = Registration(
        name=body.name,
        pin=body.pin,
        language=body.language,
        channel="rest",
        # What is not named is recorded as refused: silence is no consent.
        consents={purpose: purpose in body.consents for purpose in Purpose},
        only_if_first=body.only_if_first,
    )
    return _respond_with_session(
        services,
        idempotency,
        lambda run: register_person(
            services.database, services.sign_in, body.ticket, registration, run, device=origin.device
        ),
    )


@router.post("/staff/sessions", **describe("Sign in as staff", 401, 409, 429, status=201, model=SessionOut))
def open_staff_session(
    body: StaffEntryIn, origin: OriginOf, services: ServicesOf, idempotency: IdempotencyOf
) -> Response:
    """Open a session for the member of staff with this e-mail address, password and one-time code."""
    credentials = StaffCredentials(body.email, body.password, body.code)
    return _respond_with_session(
        services,
        idempotency,
        lambda run: sign_in_staff(services.database, services.sign_in, credentials, origin=origin, run=run),
    )


@router.delete(
    "/sessions/current", dependencies=[Depends(require_session)], **describe("Sign out", 401, status=204)
)
def end_session(services: ServicesOf, token: TokenOf) -> None:
    """End the session of the token."""
    services.sign_in.sessions.end(token)


@router.delete("/sessions", **describe("Sign out everywhere", 401, status=204))
def end_all_sessions(services: ServicesOf, caller: SignedInOf) -> None:
    """End every session of the caller, on all devices."""
    services.sign_in.sessions.end_all(person_id_of(caller))


def _respond_with_session(
    services: Services, idempotency: Idempotency, act: Callable[[RunOnce[SignedIn]], SignedIn]
) -> Response:
    """Respond with the session that `act` signs somebody in to, now or at the first call with this key.

    The response is stored by the transaction that signs in, with the token of a session that is not open yet:
    it opens after the commit. If the process was killed in between, the repeated call opens it.
    """
    response = idempotency.answer_acting(
        services.database,
        201,
        act,
        build=lambda _, signed_in: SessionOut.from_domain(signed_in),
        read=_to_signed_in,
    )
    if REPLAYED_HEADER in response.headers:  # of a first call the session is open already
        services.sign_in.sessions.activate(_to_signed_in(response).token)
    return response


def _to_signed_in(response: Response) -> SignedIn:
    """Read back who has signed in from a response."""
    session_out = SessionOut.model_validate_json(bytes(response.body))
    return SignedIn(Actor(Role(session_out.role), session_out.id), session_out.token, session_out.device)
