"""Writing and listing audit entries.

Entries join the chain in the commit of the transaction that they describe, or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, event, insert, select, text
from sqlalchemy.orm import Session

from oim.features.audit.models import AuditRow
from oim.kit.clock import now
from oim.kit.crypto import Vault
from oim.kit.db import ReadSession, WriteSession

GENESIS_MARK = b"\0" * 32  # the mark before the first entry
# Any constant serves, as long as every process uses the same. The writer of the next entry holds this
# advisory lock until it commits, so no two transactions continue the chain from the same entry.
_LOCK_KEY = 0x0_A0D17
_PENDING_KEY = "audit"  # in `session.info`: entries of the transaction that are not chained yet
MAX_ENTRIES, MAX_ENTRIES_BY_OTHERS = 1000, 50  # entries


def compute_mark(vault: Vault, previous_mark: bytes, seq: int, values: Mapping[str, Any]) -> bytes:
    """Compute the mark of an entry: 32 bytes, a keyed hash of the entry and of the mark before it.

    The key lies outside the database: somebody who can only write to the database cannot make a valid mark.
    """
    json_values = {name: _to_json_value(value) for name, value in values.items()}
    # Sorted keys and ASCII only, so that the same entry gives the same bytes on any machine, at any time.
    content = json.dumps(json_values, sort_keys=True, ensure_ascii=True)
    return vault.chain_mac(previous_mark.hex(), str(seq), content)


def _to_json_value(value: Any) -> Any:
    """Convert a field of an entry to a JSON value that is the same before and after storage."""
    if value is None or isinstance(value, dict):
        return value
    # Instants come back from the database in the zone of its session, hence always UTC.
    return value.astimezone(UTC).isoformat() if hasattr(value, "astimezone") else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry to be recorded: who did what to what. `detail` holds codes and counts, nothing personal."""

    role: str
    actor_id: UUID | None
    action: str
    resource: str
    object_id: str | None = None
    subject_id: UUID | None = None
    detail: dict[str, Any] = field(default_factory=dict)
    at: datetime = field(default_factory=now)


def record_entry(session: WriteSession, entry: Entry) -> None:
    """Record an entry if, and only if, the caller's transaction is committed."""
    if _PENDING_KEY not in session.info:
        session.info[_PENDING_KEY] = []
        event.listen(session, "before_commit", _chain_pending_entries, once=True)
    session.info[_PENDING_KEY].append(entry)


def record_independently(session: WriteSession, entry: Entry) -> None:
    """Record an entry at once in a transaction of its own, even if the caller's is undone."""
    with session.independent() as independent_session:
        record_entry(independent_session, entry)


def _chain_pending_entries(session: Session) -> None:
    """Write the entries of a transaction to the end of the chain, just before its commit.

    Only now, because no other transaction with an entry can end between taking the lock and the commit.
    """
    if not isinstance(session, WriteSession):
        raise TypeError("entries are noted in a session that writes")
    entries: list[Entry] = session.info.pop(_PENDING_KEY)
    # The lock comes before the last mark is read; PostgreSQL gives it back when the transaction ends.
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
    last = session.execute(select(AuditRow.seq, AuditRow.mark).order_by(AuditRow.seq.desc()).limit(1)).first()
    seq, mark = (last.seq, last.mark) if last else (0, GENESIS_MARK)
    rows = []
    for entry in entries:
        seq += 1
        values = {name: getattr(entry, name) for name in Entry.__slots__}
        mark = compute_mark(session.vault, mark, seq, values)
        rows.append({"seq": seq, "mark": mark, **values})
    session.execute(insert(AuditRow), rows)


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """A recorded entry about a person: who, by role and id, did what to which of their data."""

    at: datetime
    role: str
    actor_id: UUID | None
    action: str
    resource: str
    detail: dict[str, Any]


def list_entries(session: ReadSession, person: UUID) -> Sequence[TrailEntry]:
    """List the latest entries about a person, newest first. The caller must have checked access."""
    return _select_entries(session, AuditRow.subject_id == person, limit=MAX_ENTRIES)


def list_entries_by_others(session: ReadSession, person: UUID) -> Sequence[TrailEntry]:
    """List the latest entries about a person caused by somebody else, neither by them nor by the system.

    The caller must have checked access.
    """
    # The system and strangers have no actor id.
    conditions = AuditRow.actor_id.is_not(None), AuditRow.actor_id != person
    return _select_entries(session, AuditRow.subject_id == person, *conditions, limit=MAX_ENTRIES_BY_OTHERS)


def _select_entries(session: ReadSession, *where: ColumnElement[bool], limit: int) -> Sequence[TrailEntry]:
    """Load the newest entries that meet the conditions, newest first."""
    rows = session.scalars(select(AuditRow).where(*where).order_by(AuditRow.seq.desc()).limit(limit))
    return [TrailEntry(row.at, row.role, row.actor_id, row.action, row.resource, row.detail) for row in rows]
