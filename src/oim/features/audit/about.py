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

MOST, MOST_BY_OTHERS = 1000, 50  # entries


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry about a person: when, who by role, did what to what of theirs."""

    at: datetime
    role: str
    actor_id: UUID | None
    action: str
    resource: str
    detail: dict[str, Any]


def about(session: ReadSession, person: UUID) -> Sequence[Seen]:
    """The newest entries about a person, newest first. Whether one may read them is `access`'s to say."""
    return _read(session, AuditRow.subject_id == person, limit=MOST)


def about_by_others(session: ReadSession, person: UUID) -> Sequence[Seen]:
    """The newest of those that are somebody else's doing, neither the person's nor OIM's own."""
    others = AuditRow.actor_id.is_not(None), AuditRow.actor_id != person
    return _read(session, AuditRow.subject_id == person, *others, limit=MOST_BY_OTHERS)


def _read(session: ReadSession, *where: ColumnElement[bool], limit: int) -> Sequence[Seen]:
    rows = session.scalars(select(AuditRow).where(*where).order_by(AuditRow.seq.desc()).limit(limit))
    return [Seen(row.at, row.role, row.actor_id, row.action, row.resource, row.detail) for row in rows]
