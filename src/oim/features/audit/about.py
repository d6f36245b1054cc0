"""What the trail says of one person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from oim.features.audit.models import AuditRow
from oim.kit.db import ReadSession


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry about a person: when, who by role, did what to what of theirs."""

    at: datetime
    role: str
    actor_id: UUID | None
    action: str
    resource: str
    detail: dict[str, Any]


def about(session: ReadSession, person: UUID, *, most: int = 1000) -> Sequence[Seen]:
    """The newest entries about a person, newest first. Whether one may read them is `access`'s to say."""
    rows = session.scalars(
        select(AuditRow).where(AuditRow.subject_id == person).order_by(AuditRow.seq.desc()).limit(most)
    )
    return [Seen(row.at, row.role, row.actor_id, row.action, row.resource, row.detail) for row in rows]
