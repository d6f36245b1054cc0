"""Signing in and registering of people, with a ticket, a name and a PIN.

What is slow comes first, while no database session is open: limits, slow hashes, the minimum response time.
Then one transaction records it, and only after its commit is a session opened: there is never a token for
what did not happen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from time import monotonic, sleep
from uuid import UUID, uuid4

from oim.features import people
from oim.features.access import STRANGER, Actor, Role
from oim.features.audit import Entry, record_entry
from oim.features.consents import record_decisions
from oim.features.people import Contact, Newcomer, PinHolder
from oim.features.sign_in import rate_limits
from oim.features.sign_in.codes import EXPIRED_TICKET, claim_ticket, load_ticket, ticket_key
from oim.features.sign_in.devices import find_known_device, person_owner, remember_device, renew_device
from oim.features.sign_in.namesakes import (
    NameAndPin,
    NamesakesChangedError,
    compare_namesakes,
    lock_and_check,
)
from oim.features.sign_in.pin_notices import count_changed, queue_changed
from oim.features.sign_in.pin_request_store import delete_request, load_open_requests, take_request
from oim.features.sign_in.types import (
    PersonCredentials,
    Registration,
    RunOnce,
    SignedIn,
    SignInServices,
    run_directly,
)
from oim.kit.db import Database, ReadSession, WriteSession
from oim.kit.errors import BadInputError, ConflictError, SignInError
from oim.kit.i18n import mark

UNKNOWN_PERSON = mark(
    "We find nobody with this name and this PIN on this contact. Check both, with your whole name, or "
    "say that you are new here."
)
NAME_AND_PIN_TAKEN = mark(
    "Somebody with this name and this PIN uses this contact already. If it is you, sign in; if not, choose "
    "another PIN."
)
JOINED_MEANWHILE = mark(
    "An account was made with this contact just now, while you were joining. If it is yours, sign in below "
    "with your name and your PIN."
)
WRONG_PIN_ACTION = "refused sign in"  # in the audit trail
# Seconds, longer than it takes to verify the PINs of several namesakes: see `_find_person`.
MIN_RESPONSE_TIME = 0.25


class JoinedMeanwhileError(ConflictError):
    """Somebody joined by the same contact while this person was joining: perhaps they themselves."""

    code = "joined-meanwhile"


def sign_in_person(
    database: Database,
    services: SignInServices,
    credentials: PersonCredentials,
    run: RunOnce[SignedIn] = run_directly,
) -> SignedIn:
    """Sign in the person with this name and PIN on the ticket's contact. Raises SignInError, TooManyError."""
    visit = _begin_visit(database, services, credentials.ticket, credentials.device, stay=credentials.stay)
    holder = _find_person(database, visit.contact, credentials.name, credentials.pin)
    if holder is None:
        raise SignInError(UNKNOWN_PERSON)
    if holder.is_new:  # before the new session is prepared: whoever is signed in by the old PIN is so no more
        services.sessions.end_all(holder.id)
        count_changed(database, services, holder.id)

    def record(session: WriteSession) -> None:
        _settle_pin(session, holder)
        claim_ticket(session, visit.ticket, holder.id)

    return _complete_sign_in(database, services, visit, holder.id, record, run)


def register_person(
    database: Database,
    services: SignInServices,
    ticket: str,
    registration: Registration,
    run: RunOnce[SignedIn] = run_directly,
    device: str = "",
) -> SignedIn:
    """Create a person on the ticket's contact and sign them in.

    A name and PIN that somebody on this contact has already are refused, and do not sign in as them: two of a
    family may have the same name and choose the same PIN. Raises BadInputError, JoinedMeanwhileError,
    SignInError, TooManyError.
    """
    visit = _begin_visit(database, services, ticket, device, stay=registration.stay)
    id_, name = uuid4(), people.validate_name(registration.name)
    newcomer = Newcomer(id_, name, people.hash_pin(database.vault, id_, registration.pin))
    choice = NameAndPin((visit.contact,), name, registration.pin)
    while True:
        holder, compared = compare_namesakes(database, choice)
        if holder is not None:
            resume = partial(_check_created_by, visit=visit, person=holder.id, registration=registration)
            return _complete_sign_in(database, services, visit, holder.id, resume, run)

        def create(session: WriteSession, compared: frozenset[PinHolder] = compared) -> None:
            lock_and_check(session, choice, compared)
            claim_ticket(session, ticket, id_)
            _check_first(session, visit, registration)
            _create_person(session, visit.contact, newcomer, registration)

        try:
            return _complete_sign_in(database, services, visit, id_, create, run)
        except NamesakesChangedError:
            continue


def _settle_pin(session: WriteSession, holder: PinHolder) -> None:
    """Have a person keep the PIN that they sign in by: the one that they asked for, or their present one.

    Raises SignInError if it was changed or cancelled, or the person erased, just now.
    """
    if not holder.is_new:
        if not people.is_current(session, holder):
            raise SignInError(UNKNOWN_PERSON)
        # Who knows their PIN needs no other: it may have been somebody else who asked for one.
        delete_request(session, holder.id)
        return
    if not take_request(session, holder):
        raise SignInError(UNKNOWN_PERSON)
    actor = Actor(Role.PERSON, holder.id)
    people.change_pin(session, actor, holder.id, holder.pin_hash)
    queue_changed(session, people.get(session, actor, holder.id))


@dataclass(frozen=True, slots=True)
class _Visit:
    """A sign-in under way: its ticket, the contact that this proves, and the token of the device."""

    ticket: str
    contact: Contact
    device: str
    stay: bool
    asked_at: datetime  # when the code for the contact was asked for


def _begin_visit(
    database: Database, services: SignInServices, ticket: str, device: str, *, stay: bool
) -> _Visit:
    """Load the contact of a ticket and count a PIN tried there. Raises SignInError, TooManyError."""
    cache, vault = services.cache, database.vault
    contact, asked_at = load_ticket(cache, vault, ticket)
    # Counted before the PIN is looked at, so that of many tries at once none slips through.
    known_device = find_known_device(cache, vault, device, contact.value)
    services.rate_limiter.hit(rate_limits.pin_limits(vault, contact, known_device))
    return _Visit(ticket, contact, renew_device(vault, device), stay, asked_at)


def _check_created_by(session: WriteSession, visit: _Visit, person: UUID, registration: Registration) -> None:
    """Check that a person was created by this very ticket, by a call that was killed after its commit.

    Raises BadInputError if not: then they are somebody else, whose name and PIN are taken; before that
    JoinedMeanwhileError.
    """
    if not claim_ticket(session, visit.ticket, person):
        _check_first(session, visit, registration)
        raise BadInputError(NAME_AND_PIN_TAKEN, field="pin")


def _check_first(session: ReadSession, visit: _Visit, registration: Registration) -> None:
    """Check that nobody joined by the contact since its code was asked for. Raises JoinedMeanwhileError.

    The lock of the contact is held, so of two who join at the same moment the second finds the first.
    """
    if registration.only_if_first and people.has_joined_since(session, visit.contact, visit.asked_at):
        raise JoinedMeanwhileError(JOINED_MEANWHILE)


def _find_person(database: Database, contact: Contact, name: str, pin: str) -> PinHolder | None:
    """Find the person with this name and PIN, in no less than `MIN_RESPONSE_TIME`.

    Each namesake costs one slow hash, so without the minimum the time would reveal how many there are. After
    a wrong PIN, each namesake finds the attempt in their audit trail. No session is open during the slow
    hashes and the wait.
    """
    with take_minimum_time():
        with database.read() as session:
            namesakes = people.load_namesakes(session, contact, name)
            requested = load_open_requests(session, namesakes)
        holder = people.match_pin(database.vault, [*namesakes, *requested], pin)
        if holder is None and namesakes:
            with database.write() as session:
                for namesake in namesakes:
                    record_entry(session, _entry(STRANGER, WRONG_PIN_ACTION, namesake.id))
        return holder


@contextmanager
def take_minimum_time() -> Iterator[None]:
    """Let a block take `MIN_RESPONSE_TIME` or more, however it ends. No session may be open around it."""
    end = monotonic() + MIN_RESPONSE_TIME
    try:
        yield
    finally:
        sleep(max(0.0, end - monotonic()))


def _create_person(
    session: WriteSession, contact: Contact, newcomer: Newcomer, registration: Registration
) -> None:
    """Create a person and record what they agree to."""
    people.create_person(session, newcomer, contact, registration.language)
    actor = Actor(Role.PERSON, newcomer.id)
    record_entry(session, _entry(actor, "join"))
    agreed = {purpose: True for purpose, choice in registration.consents.items() if choice}
    record_decisions(
        session, actor, newcomer.id, agreed, language=registration.language, channel=registration.channel
    )


def _complete_sign_in(
    database: Database,
    services: SignInServices,
    visit: _Visit,
    person: UUID,
    record: Callable[[WriteSession], None],
    run: RunOnce[SignedIn],
) -> SignedIn:
    """Record that a person signs in by a ticket, together with `record`, and open their session afterwards.

    Their device is known from then on. Raises SignInError if the ticket is spent.
    """
    actor = Actor(Role.PERSON, person)
    token = services.sessions.prepare(actor, ticket_key(visit.ticket), stay=visit.stay)
    prepared = SignedIn(actor, token, visit.device, visit.stay)
    with database.write() as session:

        def sign_in() -> SignedIn:
            record(session)
            people.touch_last_seen(session, person)
            record_entry(session, _entry(actor, "sign in"))
            return prepared

        signed_in = run(session, sign_in)
    if not services.sessions.activate(signed_in.token):
        raise SignInError(EXPIRED_TICKET)
    for owner in (visit.contact.value, person_owner(person)):
        remember_device(services.cache, database.vault, signed_in.device, owner)
    return signed_in


def _entry(actor: Actor, action: str, subject_id: UUID | None = None) -> Entry:
    """Make an audit entry of signing in. Its subject is the actor, if a person, else `subject_id`."""
    subject = actor.id if actor.role is Role.PERSON else subject_id
    return Entry(
        role=actor.role.value, actor_id=actor.id, action=action, resource="session", subject_id=subject
    )
