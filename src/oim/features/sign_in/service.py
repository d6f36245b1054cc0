"""Signing in and registering.

People sign in with a ticket, a name and a PIN; staff with an e-mail address, a password and a one-time code.
"""

from __future__ import annotations

from time import monotonic, sleep
from uuid import UUID

from oim.features import people, staff
from oim.features.access import STRANGER, Actor, Role
from oim.features.audit import Entry, record_entry, record_independently
from oim.features.consents import record_decisions
from oim.features.people import Contact
from oim.features.sign_in import rate_limits
from oim.features.sign_in.codes import load_ticket_contact, spend_ticket
from oim.features.sign_in.types import Registration, SignInServices
from oim.kit.db import WriteSession
from oim.kit.errors import BadInputError, SignInError
from oim.kit.i18n import mark

UNKNOWN_PERSON = mark(
    "Nobody with this name and this PIN uses this contact. Check both, or say that you are new here."
)
NAME_AND_PIN_TAKEN = mark(
    "Somebody with this name and this PIN uses this contact already. If it is you, sign in; if not, choose "
    "another PIN."
)
WRONG_PIN_ACTION = "refused sign in"  # in the audit trail
# Seconds, longer than it takes to verify the PINs of several namesakes: see `_find_person`.
MIN_RESPONSE_TIME = 0.25
UNKNOWN_STAFF = mark(
    "This address, password and code do not go together. Check all three; a code serves once."
)


def sign_in_person(
    session: WriteSession, services: SignInServices, ticket: str, name: str, pin: str
) -> Actor:
    """Sign in the person with this name and PIN on the ticket's contact. Raises SignInError, TooManyError."""
    contact = load_ticket_contact(services.cache, session.vault, ticket)
    # Counted before the PIN is looked at, so that of many tries at once none slips through.
    services.rate_limiter.hit(rate_limits.pin_limits(session.vault, contact))
    person = _find_person(session, contact, name, pin)
    if person is None:
        raise SignInError(UNKNOWN_PERSON)
    return _complete_sign_in(session, services, ticket, person)


def register_person(
    session: WriteSession, services: SignInServices, ticket: str, registration: Registration
) -> Actor:
    """Create a person on the ticket's contact and sign them in.

    A name and PIN that somebody on this contact has already are refused, and do not sign in as them: two of a
    family may have the same name and choose the same PIN. Raises BadInputError, SignInError, TooManyError.
    """
    contact = load_ticket_contact(services.cache, session.vault, ticket)
    services.rate_limiter.hit(rate_limits.pin_limits(session.vault, contact))
    if people.lock_and_check_taken(
        session, [contact], people.validate_name(registration.name), registration.pin
    ):
        raise BadInputError(NAME_AND_PIN_TAKEN, field="pin")
    return _complete_sign_in(session, services, ticket, _create_person(session, contact, registration))


def _find_person(session: WriteSession, contact: Contact, name: str, pin: str) -> UUID | None:
    """Find the person with this name and PIN, in no less than `MIN_RESPONSE_TIME`.

    Each namesake costs one slow hash, so without the minimum the time would reveal how many there are. After
    a wrong PIN, each namesake finds the attempt in their audit trail.
    """
    end = monotonic() + MIN_RESPONSE_TIME
    try:
        person = people.find_by_name_and_pin(session, contact, name, pin)
        for namesake in people.find_by_name(session, contact, name) if person is None else ():
            # Independently: the caller raises, which undoes this transaction.
            record_independently(session, _entry(STRANGER, WRONG_PIN_ACTION, namesake))
        return person
    finally:
        sleep(max(0.0, end - monotonic()))


def _create_person(session: WriteSession, contact: Contact, registration: Registration) -> UUID:
    """Create a person and record what they agree to."""
    person = people.create_person(
        session, contact, registration.name, registration.pin, registration.language
    )
    actor = Actor(Role.PERSON, person)
    record_entry(session, _entry(actor, "join"))
    agreed = {purpose: True for purpose, choice in registration.consents.items() if choice}
    record_decisions(
        session, actor, person, agreed, language=registration.language, channel=registration.channel
    )
    return person


def _complete_sign_in(session: WriteSession, services: SignInServices, ticket: str, person: UUID) -> Actor:
    """Spend the ticket and record that a person signed in. Raises SignInError if the ticket is spent."""
    actor = Actor(Role.PERSON, person)
    spend_ticket(services.cache, ticket)
    people.touch_last_seen(session, person)
    record_entry(session, _entry(actor, "sign in"))
    return actor


def sign_in_staff(
    session: WriteSession, services: SignInServices, email: str, password: str, code: str, *, address: str
) -> Actor:
    """Sign in the member of staff with this e-mail address, password and one-time code.

    `address` is the network address that the request came from. Raises the same SignInError whichever of the
    three is wrong; TooManyError.
    """
    services.rate_limiter.hit(rate_limits.password_limits(session.vault, email, address))
    actor = staff.authenticate(session, email, password, code)
    if actor is None:
        raise SignInError(UNKNOWN_STAFF)
    record_entry(session, _entry(actor, "sign in"))
    return actor


def _entry(actor: Actor, action: str, subject_id: UUID | None = None) -> Entry:
    """Make an audit entry of signing in. Its subject is the actor, if a person, else `subject_id`."""
    subject = actor.id if actor.role is Role.PERSON else subject_id
    return Entry(
        role=actor.role.value, actor_id=actor.id, action=action, resource="session", subject_id=subject
    )
