"""The database table of monthly counts."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base


class TallyRow(Base):
    """How often something happened in a month. A dimension that is unknown, or does not apply, is ''.

    Not NULL, because the dimensions are the primary key.
    """

    __tablename__ = "tallies"
    __table_args__ = (CheckConstraint("count >= 0", name="count"),)

    month: Mapped[date] = mapped_column(primary_key=True)  # its first day
    what: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[str] = mapped_column(primary_key=True)
    # Never below 0 (see the constraint): a decrement undoes an increment of the same month.
    count: Mapped[int]
