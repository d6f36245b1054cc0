"""Writing entries: they are chained at the end of the transaction that they speak of, or not at all."""

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
_LOCK_KEY = (
    0x0_A0D17  # any constant: who writes the next entry holds this advisory lock until it is committed
)
_PENDING_KEY = "audit"
MAX_ENTRIES, MAX_ENTRIES_BY_OTHERS = 1000, 50  # entries


def compute_mark(vault: Vault, previous_mark: bytes, seq: int, values: Mapping[str, Any]) -> bytes:
    """32 bytes. The key lies outside the database: who can only write there can make no mark."""
    told = {name: _to_json_value(value) for name, value in values.items()}
    return vault.chain_mac(previous_mark.hex(), str(seq), json.dumps(told, sort_keys=True, ensure_ascii=True))


def _to_json_value(value: Any) -> Any:
    if value is None or isinstance(value, dict):
        return value
    return value.astimezone(UTC).isoformat() if hasattr(value, "astimezone") else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Who did what to what. `detail` holds codes and counts, nothing personal."""

    role: str
    actor_id: UUID | None
    action: str
    resource: str
    object_id: str | None = None
    subject_id: UUID | None = None
    detail: dict[str, Any] = field(default_factory=dict)
    at: datetime = field(default_factory=now)


def record_entry(session: WriteSession, entry: Entry) -> None:
    """Enter it in the trail, if and only if the caller's transaction is committed."""
    if _PENDING_KEY not in session.info:
        session.info[_PENDING_KEY] = []
        event.listen(session, "before_commit", _chain_pending_entries, once=True)
    session.info[_PENDING_KEY].append(entry)


def record_independently(session: WriteSession, entry: Entry) -> None:
    """Enter it in the trail at once, whatever becomes of the caller's transaction."""
    with session.independent() as independent_session:
        record_entry(independent_session, entry)


def _chain_pending_entries(session: Session) -> None:
    """Late, because nobody else can end a transaction with an entry between here and the commit."""
    if not isinstance(session, WriteSession):
        raise TypeError("entries are noted in a session that writes")
    entries: list[Entry] = session.info.pop(_PENDING_KEY)
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
    """An entry about a person: when, who by role, did what to what of theirs."""

    at: datetime
    role: str
    actor_id: UUID | None
    action: str
    resource: str
    detail: dict[str, Any]


def list_entries(session: ReadSession, person: UUID) -> Sequence[TrailEntry]:
    """The newest entries about a person, newest first. Whether one may read them is `access`'s to say."""
    return _select_entries(session, AuditRow.subject_id == person, limit=MAX_ENTRIES)


def list_entries_by_others(session: ReadSession, person: UUID) -> Sequence[TrailEntry]:
    """The newest of those that are somebody else's doing, neither the person's nor OIM's own."""
    others = AuditRow.actor_id.is_not(None), AuditRow.actor_id != person
    return _select_entries(session, AuditRow.subject_id == person, *others, limit=MAX_ENTRIES_BY_OTHERS)


def _select_entries(session: ReadSession, *where: ColumnElement[bool], limit: int) -> Sequence[TrailEntry]:
    rows = session.scalars(select(AuditRow).where(*where).order_by(AuditRow.seq.desc()).limit(limit))
    return [TrailEntry(row.at, row.role, row.actor_id, row.action, row.resource, row.detail) for row in rows]
