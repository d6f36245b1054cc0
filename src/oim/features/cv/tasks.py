"""What is done by itself: proposals that nobody settled are forgotten."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from oim.features.access import SYSTEM, Action, Resource, Subject, permit
from oim.features.cv.models import DocumentRow
from oim.kit.db import Database

BATCH_SIZE = 200  # a transaction


def purge_unsettled(database: Database, before: datetime) -> int:
    """Wipe proposals that have waited for their owner's word since before an instant; how many."""
    total = 0
    while wiped := _purge_batch(database, before):
        total += wiped
    return total


def _purge_batch(database: Database, before: datetime) -> int:
    old = DocumentRow.proposal.is_not(None), DocumentRow.read_at < before
    with database.write() as session:
        due = select(DocumentRow.id, DocumentRow.person_id).where(*old).limit(BATCH_SIZE)
        rows = session.execute(due.with_for_update(skip_locked=True)).all()
        for id_, person in rows:
            subject = Subject(Resource.DOCUMENT, str(id_), person=person)
            permit(session, SYSTEM, Action.CHANGE, subject, what="forgotten")
        ids = [id_ for id_, _ in rows]
        session.execute(update(DocumentRow).where(DocumentRow.id.in_(ids)).values(proposal=None))
    return len(rows)
