"""Refusals: the first of a kind enters the trail at once, what repeats it within the hour as one count.

Entries are never changed, so what repeats is counted beside the trail, and the count enters it as an entry.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from oim.features.audit.models import RefusalRow
from oim.features.audit.service import record_entry
from oim.features.audit.types import Entry
from oim.kit.clock import now
from oim.kit.db import Database, WriteSession

FOLDING_INTERVAL = timedelta(hours=1)
_COLUMNS = ("role", "actor_id", "action", "resource", "object_id", "subject_id")


def record_refusal(session: WriteSession, entry: Entry) -> None:
    """Record a refusal in a transaction of its own: as an entry, or as one more of those it repeats."""
    # Whoever guesses ids asks for another thing each time: things that are nobody's count as one.
    kind = entry if entry.subject_id else replace(entry, object_id=None)
    values = {name: getattr(kind, name) for name in (*_COLUMNS, "detail")}
    key = hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).digest()
    row = insert(RefusalRow).values(id=key, began_at=entry.at, latest_at=entry.at, repeated=0, **values)
    counted = {"repeated": RefusalRow.repeated + 1, "latest_at": entry.at}
    with session.independent() as independent_session:
        repeated = independent_session.scalar(
            row.on_conflict_do_update(index_elements=["id"], set_=counted).returning(RefusalRow.repeated)
        )
        if not repeated:
            record_entry(independent_session, entry)


def fold_refusals(database: Database) -> int:
    """Enter into the trail how often each refusal of more than an hour ago was repeated; return how many."""
    with database.write() as session:
        over = delete(RefusalRow).where(RefusalRow.began_at < now() - FOLDING_INTERVAL)
        repeated = [row for row in session.scalars(over.returning(RefusalRow)) if row.repeated]
        for row in repeated:
            detail = {**row.detail, "repeated": row.repeated, "since": row.began_at.isoformat()}
            values = {name: getattr(row, name) for name in _COLUMNS}
            record_entry(session, Entry(**values, detail=detail, at=row.latest_at))
        return len(repeated)
