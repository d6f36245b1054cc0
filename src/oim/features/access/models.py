"""The database table of mandates."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base


class MandateRow(Base):
    """A person's permission for a case worker to help them, until a date or until they end it."""

    __tablename__ = "mandates"
    # By staff for a case worker's list of people, by person for a person's list of helpers.
    __table_args__ = (Index(None, "staff_id", "person_id"), Index(None, "person_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    given_at: Mapped[datetime]
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # ended by the person, or with the staff account
