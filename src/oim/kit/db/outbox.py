"""The transactional outbox: work that must follow a change, recorded in the change's own transaction.

A row is deleted after its work is done. Work is therefore done at least once, and must be idempotent.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index, delete, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db.base import Base
from oim.kit.db.session import ReadSession, WriteSession


class OutboxRow(Base):
    """One piece of work: a topic, and the key of the object it concerns."""

    __tablename__ = "outbox"
    __table_args__ = (Index(None, "topic", "id"),)

    # Ascending, so that work of one topic is done in about the order in which it was recorded.
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    topic: Mapped[str]
    key: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


def emit(session: WriteSession, topic: str, keys: Iterable[str]) -> None:
    """Insert one row per key in the caller's transaction."""
    rows = [{"topic": topic, "key": key} for key in keys]
    if rows:
        session.execute(insert(OutboxRow), rows)


def peek(session: ReadSession, topic: str, limit: int) -> dict[int, str]:
    """Return the oldest rows of a topic, their row ids mapped to their keys; they stay in the table."""
    # No row lock: two workers may do the same work at once, which is idempotent, rather than wait.
    oldest = select(OutboxRow.id, OutboxRow.key).where(OutboxRow.topic == topic)
    return dict(session.execute(oldest.order_by(OutboxRow.id).limit(limit)).all())


def mark_done(session: WriteSession, ids: Iterable[int]) -> None:
    """Delete rows whose work is done."""
    session.execute(delete(OutboxRow).where(OutboxRow.id.in_(list(ids))))


def count_waiting(session: ReadSession, topic: str) -> int:
    """Count the waiting rows of a topic."""
    return session.scalar(select(func.count()).where(OutboxRow.topic == topic)) or 0
