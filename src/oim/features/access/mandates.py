"""Help: a person lets one case worker read and fill in their profile, for a time, and can end it at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, or_, select, update

from oim.features.access.models import MandateRow
from oim.features.access.permissions import Subject, is_in_force, permit
from oim.features.access.rules import Action, Resource
from oim.features.access.types import Actor
from oim.kit.clock import now
from oim.kit.db import WriteSession

MANDATE_DURATION = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Mandate:
    """Who helps whom, since when and until when."""

    id: UUID
    person: UUID
    staff: UUID
    given_at: datetime
    until: datetime


def give_mandate(session: WriteSession, actor: Actor, person: UUID, staff: UUID) -> UUID:
    """Let a case worker help from now on; one that holds is renewed. Raises NotFoundError."""
    permit(session, actor, Action.CHANGE, _subject(person), staff=str(staff))
    at = now()
    held: UUID | None = session.scalar(
        update(MandateRow)
        .where(MandateRow.person_id == person, MandateRow.staff_id == staff, is_in_force(at))
        .values(until=at + MANDATE_DURATION)
        .returning(MandateRow.id)
    )
    if held is not None:
        return held
    row = MandateRow(
        id=uuid4(), person_id=person, staff_id=staff, given_at=at, until=at + MANDATE_DURATION, ended_at=None
    )
    session.add(row)
    session.flush()
    return row.id


def end_mandate(session: WriteSession, actor: Actor, person: UUID, id_: UUID) -> None:
    """End one of a person's mandates; one that does not hold changes nothing. Raises NotFoundError."""
    permit(session, actor, Action.CHANGE, _subject(person), ended=str(id_))
    here = MandateRow.id == id_, MandateRow.person_id == person, MandateRow.ended_at.is_(None)
    session.execute(update(MandateRow).where(*here).values(ended_at=now()))


def end_staff_mandates(session: WriteSession, staff: UUID) -> None:
    """End whatever help an account gives. Whether one may is `staff`'s to say."""
    here = MandateRow.staff_id == staff, MandateRow.ended_at.is_(None)
    session.execute(update(MandateRow).where(*here).values(ended_at=now()))


def list_mandates(session: WriteSession, actor: Actor, person: UUID) -> Sequence[Mandate]:
    """Those that hold now, oldest first. Raises NotFoundError."""
    permit(session, actor, Action.READ, _subject(person))
    rows = session.scalars(
        select(MandateRow)
        .where(MandateRow.person_id == person, is_in_force(now()))
        .order_by(MandateRow.given_at, MandateRow.id)
    )
    return [Mandate(row.id, row.person_id, row.staff_id, row.given_at, row.until) for row in rows]


def list_mandated_people(session: WriteSession, actor: Actor) -> Sequence[UUID]:
    """The people whom a case worker helps now, the newest first. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.CASELOAD))
    return session.scalars(
        select(MandateRow.person_id)
        .where(MandateRow.staff_id == actor.id, is_in_force(now()))
        .order_by(MandateRow.given_at.desc(), MandateRow.id)
    ).all()


def purge_mandates(session: WriteSession, before: datetime) -> int:
    """Forget mandates that ended before an instant; how many."""
    over = or_(MandateRow.ended_at < before, MandateRow.until < before)
    return len(session.scalars(delete(MandateRow).where(over).returning(MandateRow.id)).all())


def _subject(person: UUID) -> Subject:
    return Subject(Resource.MANDATE, person=person)
