"""Calls done once: who calls again with the same key gets the first result, and nothing happens twice.

The key is entered in the transaction of what it was called for, so of many who call at once one does it, and
the others wait for its result.
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
from oim.kit.db.sealed import Sealed, seal, sealed_as, unseal_bytes
from oim.kit.db.session import WriteSession
from oim.kit.errors import ConflictError
from oim.kit.i18n import mark


class IdempotencyRow(Base):
    """One call and its result. `id` is a keyed hash of who called, for what, by which key."""

    __tablename__ = "idempotent_calls"
    __table_args__ = (Index(None, "owner"), Index(None, "at"))

    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    owner: Mapped[UUID | None]  # whose result it is, where that is known: it is erased with them
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)  # keyed hash of the content of the call
    result: Mapped[Sealed | None] = mapped_column(info=sealed_as("once.answer"))
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class IdempotentCall:
    """What is called (`scope`), by which key, with which content, and by whom."""

    owner: UUID | None
    scope: str
    key: str
    content: bytes


@dataclass(frozen=True, slots=True)
class StoredResult:
    """The result of the first call, and whether this is a later one."""

    content: bytes
    is_replay: bool


def run_once(session: WriteSession, call: IdempotentCall, produce: Callable[[], bytes]) -> StoredResult:
    """What `produce` gives, now or at the first call. Raises ConflictError: the key had another content."""
    owner = str(call.owner or "")
    # Both purposes are hashed into what is stored: another word would have every key forgotten.
    id_ = session.vault.blind_index("once", f"{owner}\n{call.scope}\n{call.key}")
    fingerprint = session.vault.blind_index("asked", call.content.decode("latin-1"))  # it may hold a number
    row = insert(IdempotencyRow).values(id=id_, owner=call.owner, fingerprint=fingerprint, at=now())
    # A second transaction with this id waits here until the first ends, then finds the row.
    if session.scalar(row.on_conflict_do_nothing().returning(IdempotencyRow.id)) is None:
        return _load_result(session, id_, fingerprint)
    content = produce()
    result = seal(session, IdempotencyRow.result, id_, content)
    session.execute(update(IdempotencyRow).where(IdempotencyRow.id == id_).values(result=result))
    return StoredResult(content, is_replay=False)


def _load_result(session: WriteSession, id_: bytes, fingerprint: bytes) -> StoredResult:
    row = session.execute(select(IdempotencyRow).where(IdempotencyRow.id == id_)).scalar_one()
    if row.fingerprint != fingerprint or row.result is None:
        raise ConflictError(mark("This Idempotency-Key was used for another request: choose another key."))
    return StoredResult(unseal_bytes(session, IdempotencyRow.result, id_, row.result), is_replay=True)


def purge_stored_results(session: WriteSession, before: datetime) -> int:
    """Delete the results of calls made before an instant; how many."""
    old = delete(IdempotencyRow).where(IdempotencyRow.at < before)
    return len(session.scalars(old.returning(IdempotencyRow.at)).all())


def delete_stored_results(session: WriteSession, owner: UUID) -> None:
    """Delete every result of somebody who is erased."""
    session.execute(delete(IdempotencyRow).where(IdempotencyRow.owner == owner))
