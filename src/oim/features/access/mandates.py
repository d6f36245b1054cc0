"""Mandates: a person lets a case worker read and fill in their profile for 90 days, or until they end it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, delete, func, or_, select, update

from oim.features.access.models import MandateRow
from oim.features.access.permissions import Subject, is_in_force, permit
from oim.features.access.rules import Action, Resource
from oim.features.access.types import Actor
from oim.kit.clock import now
from oim.kit.db import Listed, Listing, WriteSession, fetch_list_page

MANDATE_DURATION = timedelta(days=90)
ENDS_SOON = timedelta(days=14)  # time enough to meet and to ask for it again


@dataclass(frozen=True, slots=True)
class Mandate:
    """A permission to help: which case worker (`staff`) helps which person, from when until when."""

    id: UUID
    person: UUID
    staff: UUID
    given_at: datetime
    until: datetime


def give_mandate(session: WriteSession, actor: Actor, person: UUID, staff: UUID) -> UUID:
    """Let a case worker help a person from now on, and return the id of the mandate.

    A mandate in force between the two is extended instead of doubled. Raises NotFoundError.
    """
    permit(session, actor, Action.CHANGE, _subject(person), staff=str(staff))
    at = now()
    # One UPDATE finds and extends the mandate, so it cannot end between a look and the change.
    extended_id: UUID | None = session.scalar(
        update(MandateRow)
        .where(MandateRow.person_id == person, MandateRow.staff_id == staff, is_in_force(at))
        .values(until=at + MANDATE_DURATION)
        .returning(MandateRow.id)
    )
    if extended_id is not None:
        return extended_id
    row = MandateRow(
        id=uuid4(), person_id=person, staff_id=staff, given_at=at, until=at + MANDATE_DURATION, ended_at=None
    )
    session.add(row)
    session.flush()
    return row.id


def end_mandate(session: WriteSession, actor: Actor, person: UUID, id_: UUID) -> None:
    """End one of a person's mandates; one that is not theirs, or has ended, stays as it is.

    Raises NotFoundError.
    """
    permit(session, actor, Action.CHANGE, _subject(person), ended=str(id_))
    # Filtered by person too: the id comes from the caller and may be somebody else's mandate.
    matches = MandateRow.id == id_, MandateRow.person_id == person, MandateRow.ended_at.is_(None)
    session.execute(update(MandateRow).where(*matches).values(ended_at=now()))


def end_staff_mandates(session: WriteSession, staff: UUID) -> None:
    """End every mandate of a staff account. Nothing is checked here: `staff` has asked for permission."""
    matches = MandateRow.staff_id == staff, MandateRow.ended_at.is_(None)
    session.execute(update(MandateRow).where(*matches).values(ended_at=now()))


def list_mandates(session: WriteSession, actor: Actor, person: UUID) -> Sequence[Mandate]:
    """List the mandates of a person that are in force, oldest first. Raises NotFoundError."""
    permit(session, actor, Action.READ, _subject(person))
    rows = session.scalars(
        select(MandateRow)
        .where(MandateRow.person_id == person, is_in_force(now()))
        .order_by(MandateRow.given_at, MandateRow.id)
    )
    return [_to_mandate(row) for row in rows]


def _to_mandate(row: MandateRow) -> Mandate:
    return Mandate(row.id, row.person_id, row.staff_id, row.given_at, row.until)


def list_mandated_people(session: WriteSession, actor: Actor) -> Sequence[UUID]:
    """List the people whom a case worker may help now, the newest mandate first. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.CASELOAD))
    return session.scalars(
        select(MandateRow.person_id)
        .where(MandateRow.staff_id == actor.id, is_in_force(now()))
        .order_by(MandateRow.given_at.desc(), MandateRow.id)
    ).all()


_CASELOAD_SORTS: Mapping[str, ColumnElement[Any]] = {
    "given": MandateRow.given_at.expression,
    "until": MandateRow.until.expression,
}


def list_caseload(session: WriteSession, actor: Actor, listing: Listing) -> Listed[Mandate]:
    """One page of the mandates by which a case worker helps people now. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.CASELOAD))
    query = select(MandateRow).where(MandateRow.staff_id == actor.id, is_in_force(now()))
    order = MandateRow.given_at.desc(), MandateRow.id
    listed = fetch_list_page(session, query, listing, _CASELOAD_SORTS, order)
    return listed.with_items([_to_mandate(row) for (row,) in listed.items])


def count_ending_mandates(session: WriteSession, actor: Actor) -> int:
    """How many people's mandates of a case worker end soon. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.CASELOAD), what="ending")
    at = now()
    ending = MandateRow.staff_id == actor.id, is_in_force(at), MandateRow.until <= at + ENDS_SOON
    return session.scalar(select(func.count()).select_from(MandateRow).where(*ending)) or 0


def purge_mandates(session: WriteSession, before: datetime) -> int:
    """Delete the mandates that ended or ran out before an instant. Returns how many."""
    is_over = or_(MandateRow.ended_at < before, MandateRow.until < before)
    return len(session.scalars(delete(MandateRow).where(is_over).returning(MandateRow.id)).all())


def _subject(person: UUID) -> Subject:
    """Name a person's mandates for `permit`."""
    return Subject(Resource.MANDATE, person=person)
