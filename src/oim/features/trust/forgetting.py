"""The end of reports: the words of who is erased, reports settled long ago, notes written long ago."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, update

from oim.features.trust.models import ReportRow, ReviewRow
from oim.kit.db import WriteSession


def erase_report_words(session: WriteSession, person: UUID) -> None:
    """Wipe what a person wrote in their reports. The warning stays: it protects others."""
    session.execute(update(ReportRow).where(ReportRow.person_id == person).values(words=None))


def purge_reports(session: WriteSession, before: datetime) -> int:
    """Forget reports that were settled, or that nobody settled, since before an instant; how many."""
    last = func.coalesce(ReportRow.settled_at, ReportRow.at)
    gone = delete(ReportRow).where(last < before).returning(ReportRow.id)
    return len(session.scalars(gone).all())


def purge_review_notes(session: WriteSession, before: datetime) -> int:
    """Wipe the notes of decisions taken before an instant, and keep what was decided; how many."""
    old = ReviewRow.at < before, ReviewRow.note.is_not(None)
    wiped = update(ReviewRow).where(*old).values(note=None).returning(ReviewRow.id)
    return len(session.scalars(wiped).all())
