"""People: creating accounts, reading and changing them, contacts, activity and deletion."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update

from oim.features.access import NOT_FOUND_MESSAGE, Action, Actor, Grant, Resource, Subject, permit, permit_all
from oim.features.people.contacts import Channel, Contact, contact_blind_index, fold_contact
from oim.features.people.models import ContactRow, PersonRow
from oim.features.people.names_and_pins import validate_name
from oim.features.people.removed_contacts import record_removed
from oim.kit.clock import CAMEROON, now
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
class Newcomer:
    """A person to be created: the id that their PIN was hashed for (`hash_pin`), the name, and the hash."""

    id: UUID
    name: str
    pin_hash: str


@dataclass(frozen=True, slots=True)
class Proof:
    """Since when a person's first contact is proven by a code, and who owns it.

    `owner` is a blind index: the same for accounts on one telephone, and for all names of one mailbox.
    """

    owner: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class InactivePerson:
    """A person who has not signed in for long, and the language to write to them in."""

    id: UUID
    language: Language


def create_person(session: WriteSession, newcomer: Newcomer, contact: Contact, language: Language) -> None:
    """Create a person on a contact that they have proved to be theirs. Raises BadInputError."""
    checked_name, id_, at = validate_name(newcomer.name), newcomer.id, now()
    row = PersonRow(
        id=id_,
        name=seal(session, PersonRow.name, id_, checked_name),
        pin_hash=newcomer.pin_hash,
        language=language,
        created_at=at,
        seen_on=at.astimezone(CAMEROON).date(),
    )
    session.add(row)
    # The person's row must be there before the contact that refers to it.
    session.flush()
    _insert_contact(session, id_, contact)


def get(session: WriteSession, actor: Actor, person: UUID) -> Person:
    """Load a person's account for an actor. Raises NotFoundError."""
    return load_person(session, permit(session, actor, Action.READ, _subject(person)))


def get_many(session: WriteSession, actor: Actor, people: Iterable[UUID]) -> dict[UUID, Person]:
    """Load people's accounts for an actor, without those not here. Raises NotFoundError."""
    subjects = [_subject(person) for person in people]
    return load_people(session, permit_all(session, actor, Action.READ, subjects))


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


def change_pin(session: WriteSession, actor: Actor, person: UUID, pin_hash: str) -> None:
    """Change a person's PIN to the one that `hash_pin` has checked and hashed. Raises NotFoundError.

    Does not check that the name and PIN are free on their contacts: `sign_in.change_pin` does.
    """
    permit(session, actor, Action.CHANGE, _subject(person), what="pin")
    _update_person(session, person, pin_hash=pin_hash)


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
        record_removed(session, row)
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


def find_first_proof(session: ReadSession, person: UUID) -> Proof | None:
    """Find who owns a person's first contact and since when it is proven; the contact itself stays sealed."""
    contacts = select(ContactRow).where(ContactRow.person_id == person)
    row = session.scalars(contacts.order_by(ContactRow.verified_at, ContactRow.id)).first()
    if row is None:
        return None
    contact = Contact(Channel(row.channel), unseal(session, ContactRow.value, row.id, row.value))
    return Proof(contact_blind_index(session.vault, fold_contact(contact)), row.verified_at)


def has_contact(session: ReadSession, person: UUID, contact: Contact) -> bool:
    """Tell whether a person has a contact."""
    contact_id = select(ContactRow.id).where(
        ContactRow.person_id == person, ContactRow.blind == contact_blind_index(session.vault, contact)
    )
    return session.scalars(contact_id).first() is not None


def has_joined_since(session: ReadSession, contact: Contact, since: datetime) -> bool:
    """Tell whether somebody with this contact has joined since an instant."""
    newcomers = (
        select(PersonRow.id)
        .join(ContactRow, ContactRow.person_id == PersonRow.id)
        .where(ContactRow.blind == contact_blind_index(session.vault, contact), PersonRow.created_at >= since)
    )
    return session.scalars(newcomers).first() is not None


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
    row = select(PersonRow.id).where(PersonRow.id == person)
    session.execute(row.with_for_update(read=True, key_share=True))


def delete_person(session: WriteSession, person: UUID) -> None:
    """Delete a person and, by cascading foreign keys, their data. The caller must have checked access."""
    record_removed(session, *session.scalars(select(ContactRow).where(ContactRow.person_id == person)))
    session.execute(delete(PersonRow).where(PersonRow.id == person))


def load_person(session: ReadSession, grant: Grant) -> Person:
    """Load the account of the person whom a grant is about, whatever its resource. Raises NotFoundError."""
    accounts = load_people(session, [grant])
    if not accounts:
        raise NotFoundError(NOT_FOUND_MESSAGE)
    return accounts[grant.person]


def load_people(session: ReadSession, grants: Iterable[Grant]) -> dict[UUID, Person]:
    """Load the accounts of the people whom grants are about, in two queries. Without those not here."""
    ids = {grant.person for grant in grants}
    contacts: defaultdict[UUID, dict[UUID, Contact]] = defaultdict(dict)
    contact_rows = select(ContactRow).where(ContactRow.person_id.in_(ids))
    for row in session.scalars(contact_rows.order_by(ContactRow.verified_at, ContactRow.id)):
        value = unseal(session, ContactRow.value, row.id, row.value)
        contacts[row.person_id][row.id] = Contact(Channel(row.channel), value)
    return {
        row.id: Person(
            id=row.id,
            name=unseal(session, PersonRow.name, row.id, row.name),
            language=cast(Language, row.language),
            created_at=row.created_at,
            contacts=contacts[row.id],
        )
        for row in session.scalars(select(PersonRow).where(PersonRow.id.in_(ids)))
    }


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
