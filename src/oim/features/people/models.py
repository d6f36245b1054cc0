"""Tables of people and of the contacts they are reached by."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base, Sealed


class PersonRow(Base):
    """One person. `seen_on` is a day, so that it tells no habits."""

    __tablename__ = "people"
    __table_args__ = (Index(None, "seen_on"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[Sealed]
    pin_hash: Mapped[str]
    language: Mapped[str]
    created_at: Mapped[datetime]
    seen_on: Mapped[date]


class ContactRow(Base):
    """A contact of a person; several people may have the same one, and then the same `blind`."""

    __tablename__ = "contacts"
    __table_args__ = (Index(None, "blind"), Index(None, "person_id", "blind", unique=True))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    channel: Mapped[str]
    value: Mapped[Sealed]
    blind: Mapped[bytes] = mapped_column(LargeBinary)
    verified_at: Mapped[datetime]
