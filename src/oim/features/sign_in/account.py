"""What somebody who is signed in does to their account only with their PIN: a telephone may be left lying."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from oim.features import people
from oim.features.access import Actor
from oim.features.people import Person
from oim.features.sign_in import rules
from oim.features.sign_in.codes import spend, verified_contact
from oim.features.sign_in.doors import Doors
from oim.kit.db import ReadSession, WriteSession
from oim.kit.errors import BadInputError
from oim.kit.i18n import Language, mark
from oim.kit.rate_limits import RateLimit

TAKEN = mark("Somebody with this name and this PIN shares a contact with you: choose another name or PIN.")
PROOFS = (RateLimit("proof", "5 per 15 minutes"), RateLimit("proof-day", "30 per day"))


@dataclass(frozen=True, slots=True)
class Naming:
    """How somebody wants to be called and written to, None as before; the PIN is theirs, and was proved."""

    name: str | None
    language: Language | None
    pin: str


def prove_pin(session: ReadSession, doors: Doors, person: UUID, pin: str, *, field: str = "pin") -> None:
    """See that it is they who ask. Raises BadInputError, TooManyError."""
    doors.limits.hit((rule, str(person)) for rule in PROOFS)
    if not people.is_pin(session, person, pin):
        raise BadInputError(mark("This is not your PIN."), field=field)


def change_pin(
    session: WriteSession, doors: Doors, actor: Actor, person: UUID, *, old: str, new: str
) -> None:
    """Another PIN. Raises BadInputError, NotFoundError, TooManyError.

    Whoever calls this ends every session afterwards: see `renewed`.
    """
    people.check_pin(new)
    prove_pin(session, doors, person, old, field="old")
    _check_untaken(session, doors, people.get(session, actor, person), new)
    people.change_pin(session, actor, person, new)


def change_name(session: WriteSession, doors: Doors, actor: Actor, person: UUID, wanted: Naming) -> None:
    """Another name, or language. Raises BadInputError, NotFoundError, TooManyError."""
    held = people.get(session, actor, person)
    name = held.name if wanted.name is None else people.check_name(wanted.name)
    if name != held.name:
        _check_untaken(session, doors, replace(held, name=name), wanted.pin)
    people.change_name(session, actor, person, name, wanted.language or held.language)


def renewed(doors: Doors, actor: Actor) -> str:
    """The token of a new session; whoever is signed in as them elsewhere is not any more."""
    if actor.id is not None:
        doors.sessions.end_all(actor.id)
    return doors.sessions.open(actor)


def add_contact(
    session: WriteSession, doors: Doors, actor: Actor, person: UUID, ticket: str, *, pin: str
) -> None:
    """A contact more, of which they gave the code, and their PIN, which was proved.

    Raises BadInputError, ConflictError, NotFoundError, SignInError, TooManyError.
    """
    contact = verified_contact(doors.cache, session.vault, ticket)
    held = people.get(session, actor, person)
    _check_untaken(session, doors, replace(held, contacts={held.id: contact}), pin)
    spend(doors.cache, ticket)
    people.add_contact(session, actor, person, contact)


def _check_untaken(session: WriteSession, doors: Doors, person: Person, pin: str) -> None:
    """Raises BadInputError where another could be taken for them. It counts as a try of the other's PIN."""
    contacts = person.contacts.values()
    for contact in contacts:
        doors.limits.hit(rules.pins(session.vault, contact))
    if people.is_taken(session, contacts, person.name, pin, besides=person.id):
        raise BadInputError(TAKEN)
