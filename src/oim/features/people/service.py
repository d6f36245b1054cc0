"""People: joining, being recognised by name and PIN on a contact, and what they may change of themselves."""

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
from oim.features.people.names_and_pins import check_name, check_pin
from oim.kit.clock import CAMEROON, now
from oim.kit.crypto import hash_password
from oim.kit.db import ReadSession, WriteSession, seal, unseal
from oim.kit.errors import BadInputError, ConflictError, NotFoundError
from oim.kit.i18n import LANGUAGES, Language, mark

MAX_CONTACTS = 5


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is. `contacts` by their ids, oldest first."""

    id: UUID
    name: str
    language: Language
    created_at: datetime
    contacts: dict[UUID, Contact]


@dataclass(frozen=True, slots=True)
class InactivePerson:
    """Somebody who has not come for long, and their language."""

    id: UUID
    language: Language


def create_person(session: WriteSession, contact: Contact, name: str, pin: str, language: Language) -> UUID:
    """A new person on a contact they have proved to hold. Raises BadInputError."""
    called, id_, at = check_name(name), uuid4(), now()
    row = PersonRow(
        id=id_,
        name=seal(session, PersonRow.name, id_, called),
        pin_hash=hash_password(session.vault, id_, check_pin(pin)),
        language=language,
        created_at=at,
        seen_on=at.astimezone(CAMEROON).date(),
    )
    session.add(row)
    session.flush()
    _insert_contact(session, id_, contact)
    return id_


def get(session: WriteSession, actor: Actor, person: UUID) -> Person:
    """Who somebody is. Raises NotFoundError."""
    return load_person(session, permit(session, actor, Action.READ, _subject(person)))


def change_name(session: WriteSession, actor: Actor, person: UUID, name: str, language: Language) -> None:
    """Another name, or language. Raises BadInputError, NotFoundError."""
    called = check_name(name)
    permit(session, actor, Action.CHANGE, _subject(person), what="name")
    if language not in LANGUAGES:
        raise BadInputError(mark("Choose from the list."), field="language")
    sealed = seal(session, PersonRow.name, person, called)
    _update_person(session, person, name=sealed, language=language)


def change_pin(session: WriteSession, actor: Actor, person: UUID, pin: str) -> None:
    """Another PIN. Raises BadInputError, NotFoundError."""
    wanted = check_pin(pin)
    permit(session, actor, Action.CHANGE, _subject(person), what="pin")
    _update_person(session, person, pin_hash=hash_password(session.vault, person, wanted))


def add_contact(session: WriteSession, actor: Actor, person: UUID, contact: Contact) -> None:
    """A contact more, which they have proved to hold; one they have changes nothing. Raises ConflictError."""
    grant = permit(session, actor, Action.CHANGE, _subject(person), what="contact")
    held = load_person(session, grant).contacts.values()
    if any(
        contact_blind_index(session.vault, one) == contact_blind_index(session.vault, contact) for one in held
    ):
        return
    if len(held) >= MAX_CONTACTS:
        raise ConflictError(mark("You have %(most)s contacts already: remove one first."), most=MAX_CONTACTS)
    _insert_contact(session, person, contact)


def remove_contact(session: WriteSession, actor: Actor, person: UUID, contact: UUID) -> None:
    """A contact less; the last one stays, or nobody could sign in again. Raises ConflictError."""
    grant = permit(session, actor, Action.CHANGE, _subject(person), what="contact")
    lock_person(session, person)  # of two who each remove one of two, one finds it the last
    held = load_person(session, grant).contacts
    if contact in held and len(held) == 1:
        raise ConflictError(mark("This is your only contact: add another one before you remove it."))
    row = session.get(ContactRow, contact)
    if row is not None and row.person_id == person:
        session.delete(row)


def touch_last_seen(session: WriteSession, person: UUID) -> None:
    """They are here today: those who do not come for long are forgotten."""
    _update_person(session, person, seen_on=now().astimezone(CAMEROON).date())


def list_inactive_since(session: ReadSession, day: date) -> list[InactivePerson]:
    """Who was not here since a day."""
    gone = select(PersonRow.id, PersonRow.language).where(PersonRow.seen_on < day)
    rows = session.execute(gone.order_by(PersonRow.seen_on, PersonRow.id))
    return [InactivePerson(row.id, cast(Language, row.language)) for row in rows]


def was_active_since(session: ReadSession, person: UUID, day: date) -> bool:
    """Whether somebody was here on a day or after it."""
    here = select(PersonRow.id).where(PersonRow.id == person, PersonRow.seen_on >= day)
    return session.scalar(here) is not None


def exists(session: ReadSession, person: UUID) -> bool:
    """Whether somebody is known by this id."""
    return session.get(PersonRow, person) is not None


def find_first_contact_index(session: ReadSession, person: UUID) -> bytes | None:
    """The blind index of somebody's first contact, by which their accounts are one."""
    held = select(ContactRow.blind).where(ContactRow.person_id == person)
    return session.scalars(held.order_by(ContactRow.verified_at, ContactRow.id)).first()


def has_contact(session: ReadSession, person: UUID, contact: Contact) -> bool:
    """Whether a contact is one of somebody's."""
    held = select(ContactRow.id).where(
        ContactRow.person_id == person, ContactRow.blind == contact_blind_index(session.vault, contact)
    )
    return session.scalars(held).first() is not None


def find_recipient(session: ReadSession, grant: Grant) -> tuple[Contact, Language] | None:
    """Where a person is written to, and in which language: their first contact."""
    person = load_person(session, grant)
    first = next(iter(person.contacts.values()), None)
    return (first, person.language) if first else None


def lock_person(session: WriteSession, person: UUID) -> None:
    """Let nobody write anything of a person until this transaction ends, having waited for who does now."""
    session.execute(select(PersonRow.id).where(PersonRow.id == person).with_for_update())


def delete_person(session: WriteSession, person: UUID) -> None:
    """Take a person away, with all that the database holds of them. Whether one may is `rights`' to say."""
    session.execute(delete(PersonRow).where(PersonRow.id == person))


def load_person(session: ReadSession, grant: Grant) -> Person:
    """The person that something was granted of, whose name goes with it. Raises NotFoundError."""
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
            held.id: Contact(Channel(held.channel), unseal(session, ContactRow.value, held.id, held.value))
            for held in _load_contacts(session, id_)
        },
    )


def _load_contacts(session: ReadSession, person: UUID) -> Sequence[ContactRow]:
    held = select(ContactRow).where(ContactRow.person_id == person)
    return session.scalars(held.order_by(ContactRow.verified_at, ContactRow.id)).all()


def _insert_contact(session: WriteSession, person: UUID, contact: Contact) -> None:
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
    session.execute(update(PersonRow).where(PersonRow.id == person).values(values))


def _subject(person: UUID) -> Subject:
    return Subject(Resource.PERSON, person=person)
