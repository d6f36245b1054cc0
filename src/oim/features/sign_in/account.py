"""Changes to one's own account that ask for the PIN again, since a signed-in telephone may be left lying."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from uuid import UUID

from oim.features import people
from oim.features.access import Actor
from oim.features.people import Contact, Person
from oim.features.sign_in import rate_limits
from oim.features.sign_in.codes import claim_ticket, load_ticket_contact, spend_ticket
from oim.features.sign_in.devices import find_known_device, person_owner
from oim.features.sign_in.namesakes import (
    NameAndPin,
    NamesakesChangedError,
    compare_namesakes,
    lock_and_check,
)
from oim.features.sign_in.pin_request_store import delete_request
from oim.features.sign_in.types import (
    AccountChange,
    ContactProof,
    PinChange,
    RunOnce,
    SignInServices,
    run_directly,
)
from oim.kit.crypto import Vault
from oim.kit.db import Database, WriteSession
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark
from oim.kit.rate_limits import RateLimit

NAME_AND_PIN_SHARED = mark(
    "Somebody with this name and this PIN shares a contact with you: choose another name or PIN."
)
# Apart from the limits of signing in, so that tries here cannot shut the family out there. Whoever finds a
# telephone signed in uses up what that device has; by their own the owner still proves who they are.
PIN_CHECKS_PER_DEVICE = (
    RateLimit("proof-device", "5 per 15 minutes"),
    RateLimit("proof-device-day", "20 per day"),
)
# What all devices have together that a person signed in by, and what all others have: whoever has one of the
# first, and hides which it is for the rest, guesses 30 times a day and leaves the owner's others ten.
PIN_CHECKS_BY_DEVICES = RateLimit("proof-devices", "30 per day")
PIN_CHECKS = (RateLimit("proof", "5 per 15 minutes"), RateLimit("proof-day", "10 per day"))


def require_pin(
    database: Database,
    services: SignInServices,
    person: UUID,
    pin: str,
    device: str,
    *,
    field: str = "pin",
) -> None:
    """Check the PIN of a person who is signed in. Raises BadInputError (for `field`), TooManyError.

    `device`: the token that the device presents, or an empty text. Slow: call it before the session of what
    asks for the PIN.
    """
    services.rate_limiter.hit(_pin_check_limits(database.vault, services, person, device))
    with database.read() as session:
        holder = people.load_pin_holder(session, person)
    if people.match_pin(database.vault, [holder] if holder else [], pin) is None:
        raise BadInputError(mark("This is not your PIN."), field=field)


def _pin_check_limits(
    vault: Vault, services: SignInServices, person: UUID, device: str
) -> Iterator[tuple[RateLimit, str]]:
    """List the limits that a PIN of somebody signed in counts for, the narrowest first."""
    known_device = find_known_device(services.cache, vault, device, person_owner(person))
    if known_device:
        subject = rate_limits.hash_subject(vault, f"{known_device} {person}")
        yield from ((limit, subject) for limit in PIN_CHECKS_PER_DEVICE)
        yield PIN_CHECKS_BY_DEVICES, str(person)
    else:
        yield from ((limit, str(person)) for limit in PIN_CHECKS)


def change_pin(
    database: Database,
    services: SignInServices,
    actor: Actor,
    person: UUID,
    change: PinChange,
) -> None:
    """Change a person's PIN, with the old one as proof. Raises BadInputError, NotFoundError, TooManyError.

    The caller must end the person's sessions afterwards: see `replace_sessions`.
    """
    # The new PIN first: a PIN that could not be used anyway should not cost one of the tries.
    people.validate_pin(change.new)
    require_pin(database, services, person, change.old, change.device, field="old")
    current, pin_hash = _load(database, actor, person), people.hash_pin(database.vault, person, change.new)
    choice = NameAndPin(tuple(current.contacts.values()), current.name, change.new, exclude=person)

    def replace_pin(session: WriteSession) -> None:
        people.change_pin(session, actor, person, pin_hash)
        delete_request(session, person)  # who knows their PIN needs no other

    _change_unless_taken(
        database,
        services,
        choice,
        replace_pin,
        change.device,
    )


def change_name(
    database: Database,
    services: SignInServices,
    actor: Actor,
    person: UUID,
    change: AccountChange,
) -> None:
    """Change a person's name or language. Raises BadInputError, NotFoundError, TooManyError."""
    current = _load(database, actor, person)
    name = current.name if change.name is None else people.validate_name(change.name)
    language = change.language or current.language
    # The name alone can be another's: with the same one only the language changes, and nothing is compared.
    contacts = () if name == current.name else tuple(current.contacts.values())
    _change_unless_taken(
        database,
        services,
        NameAndPin(contacts, name, change.pin, exclude=person),
        lambda session: people.change_name(session, actor, person, name, language),
        change.device,
    )


def replace_sessions(services: SignInServices, actor: Actor) -> str:
    """End every session of an actor, on all devices, and open a new one. Returns its token."""
    if actor.id is not None:
        services.sessions.end_all(actor.id)
    return services.sessions.open(actor)


def add_contact(
    database: Database,
    services: SignInServices,
    actor: Actor,
    person: UUID,
    proof: ContactProof,
    run: RunOnce[None] = run_directly,
) -> None:
    """Add the contact that a ticket was given for.

    Raises BadInputError, ConflictError, NotFoundError, SignInError, TooManyError.
    """
    contact = load_ticket_contact(services.cache, database.vault, proof.ticket)
    current = _load(database, actor, person)

    def add(session: WriteSession) -> None:
        def create() -> None:
            claim_ticket(session, proof.ticket, person)
            people.add_contact(session, actor, person, contact)
            # Written now, so that the account read after it in this transaction has the new contact.
            session.flush()

        run(session, create)

    # Compared with those on the new contact only; the others were when the name and the PIN were chosen.
    choice = NameAndPin((contact,), current.name, proof.pin, exclude=person)
    _change_unless_taken(database, services, choice, add, proof.device)
    spend_ticket(services.cache, proof.ticket)


def _change_unless_taken(
    database: Database,
    services: SignInServices,
    choice: NameAndPin,
    change: Callable[[WriteSession], None],
    device: str,
) -> None:
    """Make a change in a transaction, unless somebody else on the contacts has the name and PIN.

    Raises BadInputError if so, and TooManyError.
    """
    # The answer tells whether a PIN is a namesake's, so each question counts as a try to sign in as them: on
    # all contacts or, where one refuses, on none.
    services.rate_limiter.hit(
        chain.from_iterable(_pin_limits(database.vault, services, each, device) for each in choice.contacts)
    )
    while True:
        holder, compared = compare_namesakes(database, choice)
        if holder is not None:
            raise BadInputError(NAME_AND_PIN_SHARED)
        try:
            with database.write() as session:
                lock_and_check(session, choice, compared)
                change(session)
            return
        except NamesakesChangedError:
            continue


def _pin_limits(
    vault: Vault, services: SignInServices, contact: Contact, device: str
) -> Iterator[tuple[RateLimit, str]]:
    """List the limits that a PIN tried on a contact counts for, by a device that may be known there."""
    return rate_limits.pin_limits(
        vault, contact, find_known_device(services.cache, vault, device, contact.value)
    )


def _load(database: Database, actor: Actor, person: UUID) -> Person:
    """Load an account in a transaction of its own, as reading it is recorded. Raises NotFoundError."""
    with database.write() as session:
        return people.get(session, actor, person)
