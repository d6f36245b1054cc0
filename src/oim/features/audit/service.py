"""Recording and listing audit entries.

Entries join the trail in the commit of the transaction that they describe, or not at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, event, select

from oim.features.audit.chain import append_entries, choose_shard
from oim.features.audit.models import AuditRow
from oim.features.audit.types import Entry, TrailEntry
from oim.kit.db import ReadSession, WriteSession

_PENDING_KEY = "audit"  # in `session.info`: entries of the transaction that are not chained yet
MAX_ENTRIES, MAX_ENTRIES_BY_OTHERS = 1000, 50  # entries


def record_entry(session: WriteSession, entry: Entry) -> None:
    """Record an entry if, and only if, the caller's transaction is committed."""
    session.info.setdefault(_PENDING_KEY, []).append(entry)


def record_independently(session: WriteSession, entry: Entry) -> None:
    """Record an entry at once in a transaction of its own, even if the caller's is undone."""
    with session.independent() as independent_session:
        record_entry(independent_session, entry)


@event.listens_for(WriteSession, "before_commit")
def _append_pending_entries(session: WriteSession) -> None:
    """Write the entries of a transaction to the ends of their chains, just before its commit."""
    entries = defaultdict[int, list[Entry]](list)
    for entry in session.info.pop(_PENDING_KEY, ()):
        entries[choose_shard(entry)].append(entry)
    if entries:
        append_entries(session, entries)


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
    # A person's entries lie in one shard, after those in shard 0 from before there were shards.
    newest = select(AuditRow).where(*where).order_by(AuditRow.shard.desc(), AuditRow.seq.desc())
    return [
        TrailEntry(row.at, row.role, row.actor_id, row.action, row.resource, row.detail)
        for row in session.scalars(newest.limit(limit))
    ]
