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


class IdempotencyRow(Base):
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
class IdempotentCall:
    """What is asked for, by which key and by whom."""

    owner: UUID | None
    scope: str
    key: str
    content: bytes


@dataclass(frozen=True, slots=True)
class StoredResult:
    """An answer as it was given the first time."""

    code: int
    content: bytes
    is_replay: bool


def run_once(
    session: WriteSession, call: IdempotentCall, produce: Callable[[], tuple[int, bytes]]
) -> StoredResult:
    """What `do` gives, now or the first time. Raises ConflictError: the key was used for something else."""
    who = str(call.owner or "")
    id_ = session.vault.blind_index("once", f"{who}\n{call.scope}\n{call.key}")
    content = session.vault.blind_index("asked", call.content.decode("latin-1"))  # it may hold a number
    row = insert(IdempotencyRow).values(id=id_, owner=call.owner, asked=content, at=now())
    if session.scalar(row.on_conflict_do_nothing().returning(IdempotencyRow.id)) is None:
        return _load_result(session, id_, content)
    status, body = produce()
    answer = seal(session, IdempotencyRow.answer, id_, body)
    session.execute(
        update(IdempotencyRow).where(IdempotencyRow.id == id_).values(status=status, answer=answer)
    )
    return StoredResult(status, body, is_replay=False)


def _load_result(session: WriteSession, id_: bytes, content: bytes) -> StoredResult:
    row = session.execute(select(IdempotencyRow).where(IdempotencyRow.id == id_)).scalar_one()
    if row.asked != content or row.status is None or row.answer is None:
        raise ConflictError(mark("This Idempotency-Key was used for another request: choose another key."))
    return StoredResult(
        row.status, unseal_bytes(session, IdempotencyRow.answer, id_, row.answer), is_replay=True
    )


def purge_stored_results(session: WriteSession, before: datetime) -> int:
    """Forget the answers that were given before an instant; how many."""
    return len(
        session.scalars(
            delete(IdempotencyRow).where(IdempotencyRow.at < before).returning(IdempotencyRow.at)
        ).all()
    )


def delete_stored_results(session: WriteSession, owner: UUID) -> None:
    """Forget every answer of somebody."""
    session.execute(delete(IdempotencyRow).where(IdempotencyRow.owner == owner))
