"""The database tables of saved offers, dismissed offers and saved searches."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base, Sealed


class SavedRow(Base):
    """An offer that a person saved."""

    __tablename__ = "saved_offers"
    # The primary key begins with the person: without this index, deleting an offer would scan the table.
    __table_args__ = (Index(None, "opportunity_id"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    opportunity_id: Mapped[UUID] = mapped_column(
        ForeignKey("opportunities.id", ondelete="CASCADE"), primary_key=True
    )
    at: Mapped[datetime]


class DismissedRow(Base):
    """An offer that a person dismissed, and why."""

    __tablename__ = "dismissed_offers"
    __table_args__ = (Index(None, "opportunity_id"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    opportunity_id: Mapped[UUID] = mapped_column(
        ForeignKey("opportunities.id", ondelete="CASCADE"), primary_key=True
    )
    reason: Mapped[str]
    at: Mapped[datetime]


class SearchRow(Base):
    """A search that a person saved, sealed.

    `blind` is equal for equal searches of one person, so that a search is saved once. It differs between
    people, so that nobody can see who searches for the same.
    """

    __tablename__ = "saved_searches"
    __table_args__ = (Index(None, "person_id", "blind", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    search: Mapped[Sealed] = mapped_column("wanted")  # JSON of a `Search`
    blind: Mapped[bytes] = mapped_column(LargeBinary)
    alerts: Mapped[bool]
    created_at: Mapped[datetime]
    # Alerts cover offers first seen after this instant; earlier ones are dealt with.
    looked_at: Mapped[datetime]
