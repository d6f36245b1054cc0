"""Sources whose last run failed: it was interrupted, or nothing of what it read could be used."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import and_, func, or_, select

from oim.features.access import Action, Actor, Resource, Subject, permit
from oim.features.ingestion.models import RunRow
from oim.kit.clock import now
from oim.kit.db import WriteSession

# After which a run that has not ended was interrupted: a file of any size that we know takes less.
LONGEST_RUN = timedelta(hours=6)


def list_failed_sources(session: WriteSession, actor: Actor) -> Sequence[str]:
    """List the sources whose last run failed, by name. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.SOURCES), what="failed")
    last_ids = select(func.max(RunRow.id)).group_by(RunRow.source)
    was_interrupted = and_(RunRow.finished_at.is_(None), RunRow.started_at < now() - LONGEST_RUN)
    gave_nothing = and_(RunRow.read > 0, RunRow.rejected == RunRow.read)
    failed = RunRow.id.in_(last_ids), or_(was_interrupted, gave_nothing)
    return session.scalars(select(RunRow.source).where(*failed).order_by(RunRow.source)).all()
