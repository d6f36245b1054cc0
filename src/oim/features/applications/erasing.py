"""What stays of applications when their person is erased: rows without anybody, dated by the month."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import InstrumentedAttribute

from oim.features.access import SYSTEM, Action, Resource, Subject, permit
from oim.features.applications.models import ApplicationRow, StageRow
from oim.kit.clock import CAMEROON
from oim.kit.db import WriteSession


def anonymise(session: WriteSession, person: UUID) -> int:
    """Wipe what is personal in somebody's applications, and part them from the person; how many.

    To be called before the person is deleted: afterwards nothing tells whose they were.
    """
    permit(session, SYSTEM, Action.ERASE, Subject(Resource.APPLICATION, person=person), what="anonymise")
    theirs = select(ApplicationRow.id).where(ApplicationRow.person_id == person)
    ids = session.scalars(theirs.order_by(ApplicationRow.id).with_for_update()).all()
    session.execute(
        update(StageRow).where(StageRow.application_id.in_(ids)).values(at=_truncate_to_month(StageRow.at))
    )
    session.execute(
        update(ApplicationRow)
        .where(ApplicationRow.id.in_(ids))
        .values(
            person_id=None,
            letter=None,
            document_id=None,
            list_id=None,
            next_words=None,
            next_on=None,
            created_at=_truncate_to_month(ApplicationRow.created_at),
            stage_at=_truncate_to_month(ApplicationRow.stage_at),
        )
    )
    return len(ids)


def _truncate_to_month(at: InstrumentedAttribute[datetime]) -> ColumnElement[datetime]:
    return func.date_trunc("month", at, str(CAMEROON))
