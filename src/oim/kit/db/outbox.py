"""The outbox: what must happen after a change, written in the change's own transaction.

A row is deleted after its work is done, so work is done at least once and its handler must be idempotent.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index, delete, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db.base import Base
from oim.kit.db.session import ReadSession, WriteSession


class OutboxRow(Base):
    """One thing to do: a topic, and the key of what it is about."""

    __tablename__ = "outbox"
    __table_args__ = (Index(None, "topic", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    topic: Mapped[str]
    key: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


def emit(session: WriteSession, topic: str, keys: Iterable[str]) -> None:
    """Write one row a key in the caller's transaction."""
    rows = [{"topic": topic, "key": key} for key in keys]
    if rows:
        session.execute(insert(OutboxRow), rows)


def peek(session: ReadSession, topic: str, limit: int) -> dict[int, str]:
    """The oldest rows of a topic: row id to key."""
    oldest = select(OutboxRow.id, OutboxRow.key).where(OutboxRow.topic == topic)
    return dict(session.execute(oldest.order_by(OutboxRow.id).limit(limit)).all())


def mark_done(session: WriteSession, ids: Iterable[int]) -> None:
    """These rows' work is done."""
    session.execute(delete(OutboxRow).where(OutboxRow.id.in_(list(ids))))


def count_waiting(session: ReadSession, topic: str) -> int:
    """How many rows of a topic wait."""
    return session.scalar(select(func.count()).where(OutboxRow.topic == topic)) or 0
