"""The table of mandates."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base


class MandateRow(Base):
    """A person asked a case worker for help, until a day, or until they ended it."""

    __tablename__ = "mandates"
    __table_args__ = (Index(None, "staff_id", "person_id"), Index(None, "person_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    given_at: Mapped[datetime]
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]
