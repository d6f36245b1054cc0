"""Answers kept by a key that callers choose: who asks again with the key gets the same answer, and no more.

The key is entered in the transaction of what it was asked for, so of many who ask at once one does it, and
the others wait for its answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.clock import now
from oim.kit.db.base import Base
from oim.kit.db.sealed import Sealed, seal, unseal_bytes
from oim.kit.db.session import WriteSession
from oim.kit.errors import ConflictError
from oim.kit.i18n import mark


class OnceRow(Base):
    """One answer. `id` is a keyed hash of who asked for what by which key."""

    __tablename__ = "once"
    __table_args__ = (Index(None, "owner"), Index(None, "at"))

    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    owner: Mapped[UUID | None]  # whose answer it is, where that is known
    asked: Mapped[bytes] = mapped_column(LargeBinary)  # keyed hash of what was asked
    status: Mapped[int | None]
    answer: Mapped[Sealed | None]
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for, by which key and by whom."""

    owner: UUID | None
    route: str
    key: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it was given the first time."""

    status: int
    body: bytes
    again: bool


def once(session: WriteSession, asked: Asked, do: Callable[[], tuple[int, bytes]]) -> Given:
    """What `do` gives, now or the first time. Raises ConflictError: the key was used for something else."""
    who = str(asked.owner or "")
    id_ = session.vault.blind("once", f"{who}\n{asked.route}\n{asked.key}")
    content = session.vault.blind("asked", asked.content.decode("latin-1"))  # it may hold a number
    row = insert(OnceRow).values(id=id_, owner=asked.owner, asked=content, at=now())
    if session.scalar(row.on_conflict_do_nothing().returning(OnceRow.id)) is None:
        return _held(session, id_, content)
    status, body = do()
    answer = seal(session, OnceRow.answer, id_, body)
    session.execute(update(OnceRow).where(OnceRow.id == id_).values(status=status, answer=answer))
    return Given(status, body, again=False)


def _held(session: WriteSession, id_: bytes, content: bytes) -> Given:
    row = session.execute(select(OnceRow).where(OnceRow.id == id_)).scalar_one()
    if row.asked != content or row.status is None or row.answer is None:
        raise ConflictError(mark("This Idempotency-Key was used for another request: choose another key."))
    return Given(row.status, unseal_bytes(session, OnceRow.answer, id_, row.answer), again=True)


def forget_answers(session: WriteSession, before: datetime) -> int:
    """Forget the answers that were given before an instant; how many."""
    return len(session.scalars(delete(OnceRow).where(OnceRow.at < before).returning(OnceRow.at)).all())


def forget_answers_of(session: WriteSession, owner: UUID) -> None:
    """Forget every answer of somebody."""
    session.execute(delete(OnceRow).where(OnceRow.owner == owner))
