"""Changes to one's own account that ask for the PIN again, since a signed-in telephone may be left lying."""

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
# Per person. Apart from the limits of signing in, so that tries here cannot shut the family out there.
PIN_CHECK_LIMITS = (RateLimit("proof", "5 per 15 minutes"), RateLimit("proof-day", "30 per day"))


def require_pin(
    session: ReadSession, services: SignInServices, person: UUID, pin: str, *, field: str = "pin"
) -> None:
    """Check the PIN of a person who is signed in. Raises BadInputError (for `field`), TooManyError."""
    services.rate_limiter.hit((limit, str(person)) for limit in PIN_CHECK_LIMITS)
    if not people.verify_pin(session, person, pin):
        raise BadInputError(mark("This is not your PIN."), field=field)


def change_pin(
    session: WriteSession, services: SignInServices, actor: Actor, person: UUID, *, old: str, new: str
) -> None:
    """Change a person's PIN, with the old one as proof. Raises BadInputError, NotFoundError, TooManyError.

    The caller must end the person's sessions afterwards: see `replace_sessions`.
    """
    # The new PIN first: a PIN that could not be used anyway should not cost one of the tries.
    people.validate_pin(new)
    require_pin(session, services, person, old, field="old")
    _check_not_taken(session, services, people.get(session, actor, person), new)
    people.change_pin(session, actor, person, new)


def change_name(
    session: WriteSession, services: SignInServices, actor: Actor, person: UUID, change: AccountChange
) -> None:
    """Change a person's name or language. Raises BadInputError, NotFoundError, TooManyError."""
    current = people.get(session, actor, person)
    name = current.name if change.name is None else people.validate_name(change.name)
    if name != current.name:
        _check_not_taken(session, services, replace(current, name=name), change.pin)
    people.change_name(session, actor, person, name, change.language or current.language)


def replace_sessions(services: SignInServices, actor: Actor) -> str:
    """End every session of an actor, on all devices, and open a new one. Returns its token."""
    if actor.id is not None:
        services.sessions.end_all(actor.id)
    return services.sessions.open(actor)


def add_contact(
    session: WriteSession, services: SignInServices, actor: Actor, person: UUID, ticket: str, *, pin: str
) -> None:
    """Add the contact that a ticket was given for. `pin` is the person's, already proved.

    Raises BadInputError, ConflictError, NotFoundError, SignInError, TooManyError.
    """
    contact = load_ticket_contact(services.cache, session.vault, ticket)
    current = people.get(session, actor, person)
    # Checked against the new contact only; the key of the mapping does not matter here.
    _check_not_taken(session, services, replace(current, contacts={current.id: contact}), pin)
    spend_ticket(services.cache, ticket)
    people.add_contact(session, actor, person, contact)


def _check_not_taken(session: WriteSession, services: SignInServices, person: Person, pin: str) -> None:
    """Raise BadInputError if somebody else on the person's contacts has the same name and PIN.

    Otherwise two people would sign in with the same words, and one would land in the other's account.
    """
    contacts = person.contacts.values()
    # The answer tells whether a PIN is a namesake's, so each question counts as a try to sign in as them.
    for contact in contacts:
        services.rate_limiter.hit(rate_limits.pin_limits(session.vault, contact))
    if people.lock_and_check_taken(session, contacts, person.name, pin, exclude=person.id):
        raise BadInputError(NAME_AND_PIN_SHARED)
