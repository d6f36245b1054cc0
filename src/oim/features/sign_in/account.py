"""What somebody who is signed in does to their account only with their PIN: a telephone may be left lying."""

from __future__ import annotations

from uuid import UUID

from oim.features import people
from oim.features.access import Actor
from oim.features.sign_in.codes import spend, verified_contact
from oim.features.sign_in.doors import Doors
from oim.kit.db import ReadSession, WriteSession
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark
from oim.kit.limits import Rule

PROOFS = (Rule("proof", "5 per 15 minutes"), Rule("proof-day", "30 per day"))


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
    people.change_pin(session, actor, person, new)


def renewed(doors: Doors, actor: Actor) -> str:
    """The token of a new session; whoever is signed in as them elsewhere is not any more."""
    if actor.id is not None:
        doors.sessions.end_all(actor.id)
    return doors.sessions.open(actor)


def add_contact(session: WriteSession, doors: Doors, actor: Actor, person: UUID, ticket: str) -> None:
    """A contact more, of which they gave the code. Raises ConflictError, NotFoundError, SignInError."""
    contact = verified_contact(doors.cache, session.vault, ticket)
    spend(doors.cache, ticket)
    people.add_contact(session, actor, person, contact)
