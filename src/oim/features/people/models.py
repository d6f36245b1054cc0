"""The database tables of people and of their contacts."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base, Sealed


class PersonRow(Base):
    """One person who uses the service."""

    __tablename__ = "people"
    __table_args__ = (Index(None, "seen_on"),)  # for the task that erases inactive people

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[Sealed]
    pin_hash: Mapped[str]
    language: Mapped[str]
    created_at: Mapped[datetime]
    # The last day they signed in. A day, not an instant, so that it reveals no habits.
    seen_on: Mapped[date]


class ContactRow(Base):
    """A contact of a person. Several people may share one, and then have the same blind index (`blind`)."""

    __tablename__ = "contacts"
    __table_args__ = (Index(None, "blind"), Index(None, "person_id", "blind", unique=True))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    channel: Mapped[str]
    value: Mapped[Sealed]
    blind: Mapped[bytes] = mapped_column(LargeBinary)
    verified_at: Mapped[datetime]  # when the person typed a code that was sent to it


class RemovedContactRow(Base):
    """The blind index of a contact that a person removed, or had when they were erased: kept for some time.

    They may still read it, so it is not soon somebody else's alone. Of the erased no person is named.
    """

    __tablename__ = "removed_contacts"
    __table_args__ = (Index(None, "blind"), Index(None, "person_id"), Index(None, "removed_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    blind: Mapped[bytes] = mapped_column(LargeBinary)
    removed_at: Mapped[datetime]
