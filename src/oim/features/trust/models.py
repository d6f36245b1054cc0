"""Tables of reports and of what staff decided."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base, Sealed


class ReportRow(Base):
    """Somebody's warning about an offer. Its words are wiped once staff have decided."""

    __tablename__ = "reports"
    __table_args__ = (
        Index(None, "person_id"),
        # Of one reporter one report is open at a time, so that each counts once.
        Index(None, "opportunity_id", "reporter", unique=True, postgresql_where=text("settled_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    opportunity_id: Mapped[UUID] = mapped_column(ForeignKey("opportunities.id", ondelete="CASCADE"))
    reason: Mapped[str]
    words: Mapped[Sealed | None]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    reporter: Mapped[bytes] = mapped_column(LargeBinary)  # blind: the same for the same reporter
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class ReviewRow(Base):
    """One decision of staff about an offer. Who decided is in the trail."""

    __tablename__ = "reviews"
    __table_args__ = (Index(None, "opportunity_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    opportunity_id: Mapped[UUID] = mapped_column(ForeignKey("opportunities.id", ondelete="CASCADE"))
    decision: Mapped[str]
    note: Mapped[Sealed | None]
    at: Mapped[datetime]
