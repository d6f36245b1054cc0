"""What somebody who is signed in does to their account only with their PIN: a telephone may be left lying."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from oim.features import people
from oim.features.access import Actor
from oim.features.people import Person
from oim.features.sign_in import rate_limits
from oim.features.sign_in.codes import load_ticket_contact, spend_ticket
from oim.features.sign_in.types import AccountChange, SignInServices
from oim.kit.db import ReadSession, WriteSession
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark
from oim.kit.rate_limits import RateLimit

NAME_AND_PIN_SHARED = mark(
    "Somebody with this name and this PIN shares a contact with you: choose another name or PIN."
)
PIN_CHECK_LIMITS = (RateLimit("proof", "5 per 15 minutes"), RateLimit("proof-day", "30 per day"))


def prove_pin(
    session: ReadSession, services: SignInServices, person: UUID, pin: str, *, field: str = "pin"
) -> None:
    """See that it is they who ask. Raises BadInputError, TooManyError."""
    services.rate_limiter.hit((rule, str(person)) for rule in PIN_CHECK_LIMITS)
    if not people.verify_pin(session, person, pin):
        raise BadInputError(mark("This is not your PIN."), field=field)


def change_pin(
    session: WriteSession, services: SignInServices, actor: Actor, person: UUID, *, old: str, new: str
) -> None:
    """Another PIN. Raises BadInputError, NotFoundError, TooManyError.

    Whoever calls this ends every session afterwards: see `renewed`.
    """
    people.check_pin(new)
    prove_pin(session, services, person, old, field="old")
    _check_not_taken(session, services, people.get(session, actor, person), new)
    people.change_pin(session, actor, person, new)


def change_name(
    session: WriteSession, services: SignInServices, actor: Actor, person: UUID, change: AccountChange
) -> None:
    """Another name, or language. Raises BadInputError, NotFoundError, TooManyError."""
    held = people.get(session, actor, person)
    name = held.name if change.name is None else people.check_name(change.name)
    if name != held.name:
        _check_not_taken(session, services, replace(held, name=name), change.pin)
    people.change_name(session, actor, person, name, change.language or held.language)


def replace_sessions(services: SignInServices, actor: Actor) -> str:
    """The token of a new session; whoever is signed in as them elsewhere is not any more."""
    if actor.id is not None:
        services.sessions.end_all(actor.id)
    return services.sessions.open(actor)


def add_contact(
    session: WriteSession, services: SignInServices, actor: Actor, person: UUID, ticket: str, *, pin: str
) -> None:
    """A contact more, of which they gave the code, and their PIN, which was proved.

    Raises BadInputError, ConflictError, NotFoundError, SignInError, TooManyError.
    """
    contact = load_ticket_contact(services.cache, session.vault, ticket)
    held = people.get(session, actor, person)
    _check_not_taken(session, services, replace(held, contacts={held.id: contact}), pin)
    spend_ticket(services.cache, ticket)
    people.add_contact(session, actor, person, contact)


def _check_not_taken(session: WriteSession, services: SignInServices, person: Person, pin: str) -> None:
    """Raises BadInputError where another could be taken for them. It counts as a try of the other's PIN."""
    contacts = person.contacts.values()
    for contact in contacts:
        services.rate_limiter.hit(rate_limits.pin_limits(session.vault, contact))
    if people.lock_and_check_taken(session, contacts, person.name, pin, exclude=person.id):
        raise BadInputError(NAME_AND_PIN_SHARED)
