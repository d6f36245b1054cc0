"""The table of counts."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base


class TallyRow(Base):
    """How often something happened in a month. What is not known, or does not apply, is ''."""

    __tablename__ = "tallies"
    __table_args__ = (CheckConstraint("count >= 0", name="count"),)

    month: Mapped[date] = mapped_column(primary_key=True)  # its first day
    what: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
