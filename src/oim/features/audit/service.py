"""Writing entries: they are chained at the end of the transaction that they speak of, or not at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import event, insert, select, text
from sqlalchemy.orm import Session

from oim.features.audit.chain import GENESIS_MARK, compute_mark
from oim.features.audit.models import AuditRow
from oim.kit.clock import now
from oim.kit.db import WriteSession

_LOCK_KEY = (
    0x0_A0D17  # any constant: who writes the next entry holds this advisory lock until it is committed
)
_PENDING_KEY = "audit"


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
