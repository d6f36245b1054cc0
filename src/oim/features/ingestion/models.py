"""Tables of the runs that took offers in, and of what each run refused."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db import Base


class RunRow(Base):
    """One reading of one source. Without `finished_at`, it runs or was cut off."""

    __tablename__ = "ingest_runs"
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
    """A record that a run refused: where it stood, why, and how it began."""

    __tablename__ = "ingest_rejects"

    run_id: Mapped[int] = mapped_column(ForeignKey("ingest_runs.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)  # order within the run
    number: Mapped[int] = mapped_column(BigInteger)  # the row of the file
    reason: Mapped[str]
    detail: Mapped[str]
    excerpt: Mapped[str]
