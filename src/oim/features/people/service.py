"""People: creating accounts, reading and changing them, contacts, activity and deletion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update

from oim.features.access import NOT_FOUND_MESSAGE, Action, Actor, Grant, Resource, Subject, permit
from oim.features.people.contacts import Channel, Contact, contact_blind_index
from oim.features.people.models import ContactRow, PersonRow
from oim.features.people.names_and_pins import validate_name, validate_pin
from oim.kit.clock import CAMEROON, now
from oim.kit.crypto import hash_password
from oim.kit.db import ReadSession, WriteSession, seal, unseal
from oim.kit.errors import BadInputError, ConflictError, NotFoundError
from oim.kit.i18n import LANGUAGES, Language, mark

MAX_CONTACTS = 5


@dataclass(frozen=True, slots=True)
class Person:
    """A person's account. `contacts` maps ids to contacts, oldest first."""

    id: UUID
    name: str
    language: Language
    created_at: datetime
    contacts: dict[UUID, Contact]


@dataclass(frozen=True, slots=True)
class InactivePerson:
    """A person who has not signed in for long, and the language to write to them in."""

    id: UUID
    language: Language


def create_person(session: WriteSession, contact: Contact, name: str, pin: str, language: Language) -> UUID:
    """Create a person on a contact that they have proved to be theirs. Raises BadInputError."""
    checked_name, id_, at = validate_name(name), uuid4(), now()
    row = PersonRow(
        id=id_,
        name=seal(session, PersonRow.name, id_, checked_name),
        pin_hash=hash_password(session.vault, id_, validate_pin(pin)),
        language=language,
        created_at=at,
        seen_on=at.astimezone(CAMEROON).date(),
    )
    session.add(row)
    # The person's row must be there before the contact that refers to it.
    session.flush()
    _insert_contact(session, id_, contact)
    return id_


def get(session: WriteSession, actor: Actor, person: UUID) -> Person:
    """Load a person's account for an actor. Raises NotFoundError."""
    return load_person(session, permit(session, actor, Action.READ, _subject(person)))


def change_name(session: WriteSession, actor: Actor, person: UUID, name: str, language: Language) -> None:
    """Change a person's name and language. Raises BadInputError, NotFoundError.

    Does not check that the name and PIN are free on their contacts: `sign_in.change_name` does.
    """
    checked_name = validate_name(name)
    permit(session, actor, Action.CHANGE, _subject(person), what="name")
    if language not in LANGUAGES:
        raise BadInputError(mark("Choose from the list."), field="language")
    sealed_name = seal(session, PersonRow.name, person, checked_name)
    _update_person(session, person, name=sealed_name, language=language)


def change_pin(session: WriteSession, actor: Actor, person: UUID, pin: str) -> None:
    """Change a person's PIN. Raises BadInputError, NotFoundError.

    Does not check that the name and PIN are free on their contacts: `sign_in.change_pin` does.
    """
    checked_pin = validate_pin(pin)
    permit(session, actor, Action.CHANGE, _subject(person), what="pin")
    _update_person(session, person, pin_hash=hash_password(session.vault, person, checked_pin))


def add_contact(session: WriteSession, actor: Actor, person: UUID, contact: Contact) -> None:
    """Add a contact that a person has proved to be theirs; one that they have already is not added again.

    Raises ConflictError if they have too many, NotFoundError.
    """
    grant = permit(session, actor, Action.CHANGE, _subject(person), what="contact")
    contacts = load_person(session, grant).contacts.values()
    # By index and not by value: the number of an SMS contact is the same contact on WhatsApp.
    new_index = contact_blind_index(session.vault, contact)
    if any(contact_blind_index(session.vault, known) == new_index for known in contacts):
        return
    if len(contacts) >= MAX_CONTACTS:
        raise ConflictError(mark("You have %(most)s contacts already: remove one first."), most=MAX_CONTACTS)
    _insert_contact(session, person, contact)


def remove_contact(session: WriteSession, actor: Actor, person: UUID, contact: UUID) -> None:
    """Remove a contact. One that is not theirs stays as it is.

    Raises ConflictError for the only contact, without which they could not sign in again; NotFoundError.
    """
    grant = permit(session, actor, Action.CHANGE, _subject(person), what="contact")
    # Two requests that remove one each of two contacts: the second waits here, and finds its own the last.
    lock_person(session, person)
    contacts = load_person(session, grant).contacts
    if contact in contacts and len(contacts) == 1:
        raise ConflictError(mark("This is your only contact: add another one before you remove it."))
    row = session.get(ContactRow, contact)
    if row is not None and row.person_id == person:
        session.delete(row)


def touch_last_seen(session: WriteSession, person: UUID) -> None:
    """Record that a person used the service today: people who are inactive for long are erased."""
    _update_person(session, person, seen_on=now().astimezone(CAMEROON).date())


def list_inactive_since(session: ReadSession, day: date) -> list[InactivePerson]:
    """List the people who were last active before a day, the longest inactive first."""
    inactive = select(PersonRow.id, PersonRow.language).where(PersonRow.seen_on < day)
    rows = session.execute(inactive.order_by(PersonRow.seen_on, PersonRow.id))
    return [InactivePerson(row.id, cast(Language, row.language)) for row in rows]


def was_active_since(session: ReadSession, person: UUID, day: date) -> bool:
    """Tell whether a person was active on a day or after it."""
    active = select(PersonRow.id).where(PersonRow.id == person, PersonRow.seen_on >= day)
    return session.scalar(active) is not None


def exists(session: ReadSession, person: UUID) -> bool:
    """Tell whether there is a person with this id."""
    return session.get(PersonRow, person) is not None


def find_first_contact_index(session: ReadSession, person: UUID) -> bytes | None:
    """Find the blind index of a person's first contact: accounts on the same telephone share it."""
    blind_indexes = select(ContactRow.blind).where(ContactRow.person_id == person)
    return session.scalars(blind_indexes.order_by(ContactRow.verified_at, ContactRow.id)).first()


def has_contact(session: ReadSession, person: UUID, contact: Contact) -> bool:
    """Tell whether a person has a contact."""
    contact_id = select(ContactRow.id).where(
        ContactRow.person_id == person, ContactRow.blind == contact_blind_index(session.vault, contact)
    )
    return session.scalars(contact_id).first() is not None


def find_recipient(session: ReadSession, grant: Grant) -> tuple[Contact, Language] | None:
    """Find where to write to a person, and in which language: their first contact. None without contacts."""
    person = load_person(session, grant)
    first = next(iter(person.contacts.values()), None)
    return (first, person.language) if first else None


def lock_person(session: WriteSession, person: UUID) -> None:
    """Lock a person's row until the transaction ends, waiting for other transactions to release it."""
    # FOR UPDATE also blocks inserts of rows that refer to the person: their foreign key check locks the
    # person's row too. So nothing about the person is added while this transaction runs.
    session.execute(select(PersonRow.id).where(PersonRow.id == person).with_for_update())


def hold_person(session: WriteSession, person: UUID) -> None:
    """Wait for `lock_person` of other transactions, and keep them waiting until this one ends."""
    # The lock that the check of a foreign key takes: transactions that hold it do not wait for one another.
    query = select(PersonRow.id).where(PersonRow.id == person)
    session.execute(query.with_for_update(read=True, key_share=True))


def delete_person(session: WriteSession, person: UUID) -> None:
    """Delete a person and, by cascading foreign keys, their data. The caller must have checked access."""
    session.execute(delete(PersonRow).where(PersonRow.id == person))


def load_person(session: ReadSession, grant: Grant) -> Person:
    """Load the account of the person whom a grant is about, whatever its resource. Raises NotFoundError."""
    id_ = grant.person
    row = session.get(PersonRow, id_)
    if row is None:
        raise NotFoundError(NOT_FOUND_MESSAGE)
    return Person(
        id=id_,
        name=unseal(session, PersonRow.name, id_, row.name),
        language=cast(Language, row.language),
        created_at=row.created_at,
        contacts={
            contact.id: Contact(
                Channel(contact.channel), unseal(session, ContactRow.value, contact.id, contact.value)
            )
            for contact in _load_contacts(session, id_)
        },
    )


def _load_contacts(session: ReadSession, person: UUID) -> Sequence[ContactRow]:
    """Load the contacts of a person, oldest first."""
    contacts = select(ContactRow).where(ContactRow.person_id == person)
    return session.scalars(contacts.order_by(ContactRow.verified_at, ContactRow.id)).all()


def _insert_contact(session: WriteSession, person: UUID, contact: Contact) -> None:
    """Add a contact, sealed, with its blind index. It counts as verified now."""
    id_ = uuid4()
    row = ContactRow(
        id=id_,
        person_id=person,
        channel=contact.channel.value,
        value=seal(session, ContactRow.value, id_, contact.value),
        blind=contact_blind_index(session.vault, contact),
        verified_at=now(),
    )
    session.add(row)


def _update_person(session: WriteSession, person: UUID, **values: object) -> None:
    """Update columns of a person's row."""
    session.execute(update(PersonRow).where(PersonRow.id == person).values(values))


def _subject(person: UUID) -> Subject:
    """Name a person's account for `permit`."""
    return Subject(Resource.PERSON, person=person)
