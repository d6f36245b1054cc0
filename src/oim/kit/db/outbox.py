"""The outbox: what must happen after a change, written in the change's own transaction.

A row is deleted in the transaction that did its work, so work is done at least once and its handler must be
idempotent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


def claim(session: WriteSession, topic: str, limit: int) -> Sequence[str]:
    """Take up to `limit` oldest rows of a topic and return their keys.

    They are gone when the session commits and back when it fails; rows that another worker holds are skipped.
    """
    ids = (
        select(OutboxRow.id)
        .where(OutboxRow.topic == topic)
        .order_by(OutboxRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(session.scalars(delete(OutboxRow).where(OutboxRow.id.in_(ids)).returning(OutboxRow.key)))


def waiting(session: ReadSession, topic: str) -> int:
    """How many rows of a topic wait."""
    return session.scalar(select(func.count()).where(OutboxRow.topic == topic)) or 0
