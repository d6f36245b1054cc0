"""What is done by itself: proposals that nobody settled are forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update

from oim.features.access import SYSTEM, Action, Resource, Subject, permit
from oim.features.cv.models import DocumentRow
from oim.kit.db import Database

KEPT = timedelta(days=30)
BATCH = 200  # a transaction


def forget_unsettled(database: Database, at: datetime) -> int:
    """Wipe proposals that waited for their owner's word for too long; how many."""
    total = 0
    while wiped := _wipe(database, at):
        total += wiped
    return total


def _wipe(database: Database, at: datetime) -> int:
    old = DocumentRow.proposal.is_not(None), DocumentRow.read_at < at - KEPT
    with database.write() as session:
        due = select(DocumentRow.id, DocumentRow.person_id).where(*old).limit(BATCH)
        rows = session.execute(due.with_for_update(skip_locked=True)).all()
        for id_, person in rows:
            subject = Subject(Resource.DOCUMENT, str(id_), person=person)
            permit(session, SYSTEM, Action.CHANGE, subject, what="forgotten")
        ids = [id_ for id_, _ in rows]
        session.execute(update(DocumentRow).where(DocumentRow.id.in_(ids)).values(proposal=None))
    return len(rows)
