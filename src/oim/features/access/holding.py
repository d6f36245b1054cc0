"""Which mandates hold."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select

from oim.features.access.models import MandateRow
from oim.kit.clock import now
from oim.kit.db import ReadSession


def is_mandated(session: ReadSession, staff: UUID, person: UUID) -> bool:
    """Whether a case worker helps a person now."""
    here = exists().where(MandateRow.staff_id == staff, MandateRow.person_id == person, is_in_force(now()))
    return bool(session.scalar(select(here)))


def is_in_force(at: datetime) -> ColumnElement[bool]:
    """That a mandate was neither ended nor is over."""
    return and_(MandateRow.ended_at.is_(None), MandateRow.until > at)
