"""The doors: for people a ticket, a name and a PIN; for staff an address, a password and a code."""

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
WRONG_PIN_ACTION = "refused sign in"
MIN_RESPONSE_TIME = 0.25  # seconds
UNKNOWN_STAFF = mark(
    "This address, password and code do not go together. Check all three; a code serves once."
)


def sign_in_person(
    session: WriteSession, services: SignInServices, ticket: str, name: str, pin: str
) -> Actor:
    """Who has this name and PIN on the ticket's contact. Raises SignInError, TooManyError."""
    contact = load_ticket_contact(services.cache, session.vault, ticket)
    services.rate_limiter.hit(rate_limits.pin_limits(session.vault, contact))
    person = _find_person(session, contact, name, pin)
    if person is None:
        raise SignInError(UNKNOWN_PERSON)
    return _complete_sign_in(session, services, ticket, person)


def register_person(
    session: WriteSession, services: SignInServices, ticket: str, registration: Registration
) -> Actor:
    """A new person on the ticket's contact. Raises BadInputError, SignInError, TooManyError.

    Nobody joins by a name and PIN that open somebody else's account there, least of all into it: two of a
    family may be called alike, and choose alike.
    """
    contact = load_ticket_contact(services.cache, session.vault, ticket)
    services.rate_limiter.hit(rate_limits.pin_limits(session.vault, contact))
    if people.lock_and_check_taken(
        session, [contact], people.check_name(registration.name), registration.pin
    ):
        raise BadInputError(NAME_AND_PIN_TAKEN, field="pin")
    return _complete_sign_in(session, services, ticket, _create_person(session, contact, registration))


def _find_person(session: WriteSession, contact: Contact, name: str, pin: str) -> UUID | None:
    """Who it is, told no sooner than it takes to try several: else time would tell that a name is there.

    Those whose PIN was not given find it in their trail.
    """
    end = monotonic() + MIN_RESPONSE_TIME
    try:
        found = people.find_by_name_and_pin(session, contact, name, pin)
        for tried in people.find_by_name(session, contact, name) if found is None else ():
            record_independently(session, _entry(STRANGER, WRONG_PIN_ACTION, tried))
        return found
    finally:
        sleep(max(0.0, end - monotonic()))


def _create_person(session: WriteSession, contact: Contact, registration: Registration) -> UUID:
    person = people.create_person(
        session, contact, registration.name, registration.pin, registration.language
    )
    actor = Actor(Role.PERSON, person)
    record_entry(session, _entry(actor, "join"))
    given = {purpose: True for purpose, agreed in registration.consents.items() if agreed}
    record_decisions(
        session, actor, person, given, language=registration.language, channel=registration.channel
    )
    return person


def _complete_sign_in(session: WriteSession, services: SignInServices, ticket: str, person: UUID) -> Actor:
    actor = Actor(Role.PERSON, person)
    spend_ticket(services.cache, ticket)
    people.touch_last_seen(session, person)
    record_entry(session, _entry(actor, "sign in"))
    return actor


def sign_in_staff(
    session: WriteSession, services: SignInServices, email: str, password: str, code: str, *, address: str
) -> Actor:
    """Who of the staff has these three. Raises SignInError, TooManyError.

    `address`: of the network, where it was tried from.
    """
    services.rate_limiter.hit(rate_limits.password_limits(session.vault, email, address))
    actor = staff.authenticate(session, email, password, code)
    if actor is None:
        raise SignInError(UNKNOWN_STAFF)
    record_entry(session, _entry(actor, "sign in"))
    return actor


def _entry(actor: Actor, action: str, subject_id: UUID | None = None) -> Entry:
    subject = actor.id if actor.role is Role.PERSON else subject_id
    return Entry(
        role=actor.role.value, actor_id=actor.id, action=action, resource="session", subject_id=subject
    )
