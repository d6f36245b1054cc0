"""Database tables of reports about offers and of the decisions of staff."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base, Sealed


class ReportRow(Base):
    """A report about an offer. Its words are wiped once staff have decided."""

    __tablename__ = "reports"
    __table_args__ = (
        Index(None, "person_id"),
        Index(None, "at"),
        Index(None, "hid_at", postgresql_where=text("hid_at IS NOT NULL")),
        # A reporter has at most one open report on an offer, which a second one replaces.
        Index(None, "opportunity_id", "reporter", unique=True, postgresql_where=text("settled_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    opportunity_id: Mapped[UUID] = mapped_column(ForeignKey("opportunities.id", ondelete="CASCADE"))
    reason: Mapped[str]
    words: Mapped[Sealed | None]
    # SET NULL: the report of a person whose account is deleted goes on protecting others, without their name.
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    reporter: Mapped[bytes] = mapped_column(LargeBinary)  # blind index, see `reporters.Reporter`
    # As well: the same for reporters who count as one. The defaults are for processes of the release before.
    voice: Mapped[bytes] = mapped_column(LargeBinary, server_default="")
    is_proven: Mapped[bool] = mapped_column(server_default="false")
    at: Mapped[datetime]
    hid_at: Mapped[datetime | None]  # when this report hid the offer, if it did
    settled_at: Mapped[datetime | None]  # when staff decided; NULL: the report is open


class ReviewRow(Base):
    """A decision of staff about an offer. Who decided is in the audit trail."""

    __tablename__ = "reviews"
    __table_args__ = (Index(None, "opportunity_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    opportunity_id: Mapped[UUID] = mapped_column(ForeignKey("opportunities.id", ondelete="CASCADE"))
    decision: Mapped[str]
    note: Mapped[Sealed | None]
    at: Mapped[datetime]
