"""Help: a person lets one case worker read and fill in their profile, for a time, and can end it at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, exists, select, update

from oim.features.access.models import MandateRow
from oim.kit.clock import now
from oim.kit.db import ReadSession, WriteSession

LASTS = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Mandate:
    """Who helps whom, since when and until when."""

    id: UUID
    person: UUID
    staff: UUID
    given_at: datetime
    until: datetime


def give_mandate(session: WriteSession, person: UUID, staff: UUID) -> UUID:
    """Let a case worker help from now on; one that holds is renewed."""
    at = now()
    held: UUID | None = session.scalar(
        update(MandateRow)
        .where(MandateRow.person_id == person, MandateRow.staff_id == staff, _holds(at))
        .values(until=at + LASTS)
        .returning(MandateRow.id)
    )
    if held is not None:
        return held
    row = MandateRow(
        id=uuid4(), person_id=person, staff_id=staff, given_at=at, until=at + LASTS, ended_at=None
    )
    session.add(row)
    session.flush()
    return row.id


def end_mandate(session: WriteSession, person: UUID, id_: UUID) -> None:
    """End one of a person's mandates; one that does not hold, or is another's, changes nothing."""
    here = MandateRow.id == id_, MandateRow.person_id == person, MandateRow.ended_at.is_(None)
    session.execute(update(MandateRow).where(*here).values(ended_at=now()))


def mandates_of(session: ReadSession, person: UUID) -> Sequence[Mandate]:
    """Those that hold now, oldest first."""
    rows = session.scalars(
        select(MandateRow)
        .where(MandateRow.person_id == person, _holds(now()))
        .order_by(MandateRow.given_at, MandateRow.id)
    )
    return [Mandate(row.id, row.person_id, row.staff_id, row.given_at, row.until) for row in rows]


def mandated_people(session: ReadSession, staff: UUID) -> Sequence[UUID]:
    """The people whom a case worker helps now, the newest first."""
    return session.scalars(
        select(MandateRow.person_id)
        .where(MandateRow.staff_id == staff, _holds(now()))
        .order_by(MandateRow.given_at.desc(), MandateRow.id)
    ).all()


def is_mandated(session: ReadSession, staff: UUID, person: UUID) -> bool:
    """Whether a case worker helps a person now."""
    here = exists().where(MandateRow.staff_id == staff, MandateRow.person_id == person, _holds(now()))
    return bool(session.scalar(select(here)))


def _holds(at: datetime) -> ColumnElement[bool]:
    return and_(MandateRow.ended_at.is_(None), MandateRow.until > at)
