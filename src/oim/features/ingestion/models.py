"""Tables of the ingestion runs and of the records that each run rejected."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base


class RunRow(Base):
    """One ingestion of one source, with its counts.

    A run without `finished_at` is still going on or was interrupted. `read` is the sum of the other counts.
    """

    __tablename__ = "ingest_runs"
    # For "the last run of a source", which is what the service looks up.
    __table_args__ = (Index(None, "source", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    source: Mapped[str] = mapped_column(ForeignKey("sources.slug"))
    origin: Mapped[str]  # the file's name
    format: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]
    read: Mapped[int] = mapped_column(default=0)
    new: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)


class RejectRow(Base):
    """A record that a run rejected: its row, the reason (a key of `REJECT_REASONS`) and its beginning."""

    __tablename__ = "ingest_rejects"

    run_id: Mapped[int] = mapped_column(ForeignKey("ingest_runs.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)  # order within the run
    # Row of the file, from 1; 0 where the offer's provenance has no row, so it cannot be the key.
    number: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str]
    detail: Mapped[str]
    excerpt: Mapped[str]
