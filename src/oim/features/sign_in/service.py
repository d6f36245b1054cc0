"""The doors: for people a ticket, a name and a PIN; for staff an address, a password and a code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic, sleep
from uuid import UUID

from oim.features import people, staff
from oim.features.access import STRANGER, Actor, Role
from oim.features.audit import Entry, note, note_apart
from oim.features.consents import Purpose, decide
from oim.features.people import Contact
from oim.features.sign_in import rules
from oim.features.sign_in.codes import spend, verified_contact
from oim.features.sign_in.doors import Doors
from oim.kit.db import WriteSession
from oim.kit.errors import BadInputError, SignInError
from oim.kit.i18n import Language, mark

NOT_KNOWN = mark(
    "Nobody with this name and this PIN uses this contact. Check both, or say that you are new here."
)
TAKEN = mark(
    "Somebody with this name and this PIN uses this contact already. If it is you, sign in; if not, choose "
    "another PIN."
)
WRONG_PIN = "refused sign in"
ANSWERED_IN = 0.25  # seconds
NOT_STAFF = mark("This address, password and code do not go together. Check all three; a code serves once.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """What a newcomer says: who they are, what they agree to, in which language, through which channel."""

    name: str
    pin: str
    language: Language
    channel: str
    consents: Mapping[Purpose, bool]


def enter(session: WriteSession, doors: Doors, ticket: str, name: str, pin: str) -> Actor:
    """Who has this name and PIN on the ticket's contact. Raises SignInError, TooManyError."""
    contact = verified_contact(doors.cache, session.vault, ticket)
    doors.limits.hit(rules.pins(session.vault, contact))
    person = _recognised(session, contact, name, pin)
    if person is None:
        raise SignInError(NOT_KNOWN)
    return _seen(session, doors, ticket, person)


def join(session: WriteSession, doors: Doors, ticket: str, newcomer: Joining) -> Actor:
    """A new person on the ticket's contact. Raises BadInputError, SignInError, TooManyError.

    Nobody joins by a name and PIN that open somebody else's account there, least of all into it: two of a
    family may be called alike, and choose alike.
    """
    contact = verified_contact(doors.cache, session.vault, ticket)
    doors.limits.hit(rules.pins(session.vault, contact))
    if people.is_taken(session, [contact], people.check_name(newcomer.name), newcomer.pin):
        raise BadInputError(TAKEN, field="pin")
    return _seen(session, doors, ticket, _joined(session, contact, newcomer))


def _recognised(session: WriteSession, contact: Contact, name: str, pin: str) -> UUID | None:
    """Who it is, told no sooner than it takes to try several: else time would tell that a name is there.

    Those whose PIN was not given find it in their trail.
    """
    end = monotonic() + ANSWERED_IN
    try:
        found = people.recognise(session, contact, name, pin)
        for tried in people.called(session, contact, name) if found is None else ():
            note_apart(session, _entry(STRANGER, WRONG_PIN, tried))
        return found
    finally:
        sleep(max(0.0, end - monotonic()))


def _joined(session: WriteSession, contact: Contact, newcomer: Joining) -> UUID:
    person = people.join(session, contact, newcomer.name, newcomer.pin, newcomer.language)
    actor = Actor(Role.PERSON, person)
    note(session, _entry(actor, "join"))
    given = {purpose: True for purpose, agreed in newcomer.consents.items() if agreed}
    decide(session, actor, person, given, language=newcomer.language, channel=newcomer.channel)
    return person


def _seen(session: WriteSession, doors: Doors, ticket: str, person: UUID) -> Actor:
    actor = Actor(Role.PERSON, person)
    spend(doors.cache, ticket)
    people.seen(session, person)
    note(session, _entry(actor, "sign in"))
    return actor


def staff_enter(
    session: WriteSession, doors: Doors, email: str, password: str, code: str, *, address: str
) -> Actor:
    """Who of the staff has these three. Raises SignInError, TooManyError.

    `address`: of the network, where it was tried from.
    """
    doors.limits.hit(rules.passwords(session.vault, email, address))
    actor = staff.authenticate(session, email, password, code)
    if actor is None:
        raise SignInError(NOT_STAFF)
    note(session, _entry(actor, "sign in"))
    return actor


def _entry(actor: Actor, action: str, about: UUID | None = None) -> Entry:
    subject = actor.id if actor.role is Role.PERSON else about
    return Entry(
        role=actor.role.value, actor_id=actor.id, action=action, resource="session", subject_id=subject
    )
