"""What the trail says of one person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from oim.features.audit.models import AuditRow
from oim.kit.db import ReadSession

MAX_ENTRIES, MAX_ENTRIES_BY_OTHERS = 1000, 50  # entries


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
