"""Contacts that people removed: whoever had one may still read it, and counts as having it for some time.

Else somebody could make a contact of the family look like another's alone, by leaving it for a moment.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, or_, select

from oim.features.people.models import ContactRow, RemovedContactRow
from oim.kit.clock import now
from oim.kit.db import ReadSession, WriteSession


def record_removed(session: WriteSession, *contacts: ContactRow) -> None:
    """Record that a person leaves contacts of theirs."""
    at = now()
    session.add_all(
        RemovedContactRow(id=uuid4(), person_id=contact.person_id, blind=contact.blind, removed_at=at)
        for contact in contacts
    )
    session.flush()


def is_contact_of_only(session: ReadSession, person: UUID, blind: bytes) -> bool:
    """Tell whether a contact is a person's alone: nobody else has it, or left it not long ago."""
    present = select(ContactRow.id).where(ContactRow.blind == blind, ContactRow.person_id != person)
    # Of the erased no person is named: whoever it was, it was somebody else.
    of_another = or_(RemovedContactRow.person_id.is_(None), RemovedContactRow.person_id != person)
    earlier = select(RemovedContactRow.id).where(RemovedContactRow.blind == blind, of_another)
    return session.scalar(present.limit(1)) is None and session.scalar(earlier.limit(1)) is None


def purge_removed_contacts(session: WriteSession, before: datetime) -> int:
    """Forget the contacts that were removed before an instant. Returns how many."""
    old = delete(RemovedContactRow).where(RemovedContactRow.removed_at < before)
    return len(session.scalars(old.returning(RemovedContactRow.id)).all())
