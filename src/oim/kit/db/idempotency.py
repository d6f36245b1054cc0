"""Idempotent calls: a call repeated with the same key returns the first result, and nothing happens twice.

The key is inserted in the same transaction as the call's own changes. Of several simultaneous calls with one
key, the first does the work and the others wait for its result.
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
from oim.kit.db.session import ReadSession, WriteSession
from oim.kit.errors import ConflictError
from oim.kit.i18n import mark


class IdempotencyRow(Base):
    """One call and its sealed result. `id` is a keyed hash of the owner, the scope and the caller's key."""

    __tablename__ = "idempotent_calls"
    __table_args__ = (Index(None, "owner"), Index(None, "at"))

    id: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    owner: Mapped[UUID | None]  # the caller, if known: the row is erased together with them
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)  # keyed hash of the content of the call
    # None only inside the first call's own transaction, until the result is there.
    result: Mapped[Sealed | None] = mapped_column(info=sealed_as("once.answer"))
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class IdempotentCall:
    """A call that must happen once."""

    owner: UUID | None  # the caller, if known
    scope: str  # what is called
    key: str  # chosen by the caller, the same when it repeats the call
    content: bytes  # of the request, which a repeated call must not change


@dataclass(frozen=True, slots=True)
class StoredResult:
    """The result of the first call, and whether the present call is a repetition of it."""

    content: bytes
    is_replay: bool


def run_once(session: WriteSession, call: IdempotentCall, produce: Callable[[], bytes]) -> StoredResult:
    """Return the result of `produce`, which is called unless an earlier call with this key did so.

    Raises ConflictError if the key was used with another content.
    """
    id_, fingerprint = _compute_hashes(session, call)
    row = insert(IdempotencyRow).values(id=id_, owner=call.owner, fingerprint=fingerprint, at=now())
    # A second transaction with this id waits here until the first ends, then finds the row.
    if session.scalar(row.on_conflict_do_nothing().returning(IdempotencyRow.id)) is None:
        earlier = session.execute(select(IdempotencyRow).where(IdempotencyRow.id == id_)).scalar_one()
        return _open_result(session, earlier, fingerprint)
    content = produce()
    result = seal(session, IdempotencyRow.result, id_, content)
    session.execute(update(IdempotencyRow).where(IdempotencyRow.id == id_).values(result=result))
    return StoredResult(content, is_replay=False)


def find_result(session: ReadSession, call: IdempotentCall) -> StoredResult | None:
    """Find the result of an earlier call with this key; None if there was none, or it has not ended yet.

    For what a repeated call must skip although it comes before the transaction: a slow check, or a count.
    Raises ConflictError if the key was used with another content.
    """
    id_, fingerprint = _compute_hashes(session, call)
    row = session.get(IdempotencyRow, id_)
    return None if row is None else _open_result(session, row, fingerprint)


def _compute_hashes(session: ReadSession, call: IdempotentCall) -> tuple[bytes, bytes]:
    """Compute the id of a call's row, and the fingerprint of its content."""
    owner = str(call.owner or "")
    # "once" and "asked" are hashed into what is stored: with other words no earlier call would be recognised.
    id_ = session.vault.blind_index("once", f"{owner}\n{call.scope}\n{call.key}")
    # Keyed, since content may be as short as a telephone number, which a plain hash would not hide.
    # Latin-1 decodes any bytes.
    return id_, session.vault.blind_index("asked", call.content.decode("latin-1"))


def _open_result(session: ReadSession, row: IdempotencyRow, fingerprint: bytes) -> StoredResult:
    """Open the result of an earlier call. Raises ConflictError if its content was another."""
    if row.fingerprint != fingerprint or row.result is None:
        raise ConflictError(mark("This Idempotency-Key was used for another request: choose another key."))
    return StoredResult(unseal_bytes(session, IdempotencyRow.result, row.id, row.result), is_replay=True)


def purge_stored_results(session: WriteSession, before: datetime) -> int:
    """Delete the results of calls made before an instant; return how many."""
    old = delete(IdempotencyRow).where(IdempotencyRow.at < before)
    return len(session.scalars(old.returning(IdempotencyRow.at)).all())


def delete_stored_results(session: WriteSession, owner: UUID) -> None:
    """Delete every stored result of a person who is being erased."""
    session.execute(delete(IdempotencyRow).where(IdempotencyRow.owner == owner))
