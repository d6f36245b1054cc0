"""Writing to a partner's agents that somebody applied: at once, or once a day for all, as each agent chose.

Nothing in these e-mails is personal: who applied, and to what, is read on the page of staff.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from oim.features import staff
from oim.features.applications.models import ApplicationRow
from oim.features.applications.types import Route, Stage
from oim.features.messages import MessageKind, queue_staff_message
from oim.features.staff import DueDigest
from oim.kit.clock import CAMEROON, start_of_day
from oim.kit.db import Database, ReadSession, WriteSession


def notify_partner(session: WriteSession, organisation: UUID) -> None:
    """Queue the e-mails to those of an organisation's agents who are written to at once."""
    for member in staff.list_agents_at_once(session, organisation):
        queue_staff_message(session, member, MessageKind.APPLIED)


def send_digests(database: Database, at: datetime) -> int:
    """Queue the digests of the day that are not made yet. Returns how many agents are written to.

    Nobody to whom nothing came is written to.
    """
    since = start_of_day(at.astimezone(CAMEROON).date())
    with database.read() as session:
        members = staff.list_digest_members(session, since)
    queued = 0
    for member in members:
        with database.write() as session:
            due = staff.take_digest(session, member, since, at)
            count = _count_received(session, due, at) if due else 0
            if count:
                queued += queue_staff_message(session, member, MessageKind.APPLIED_DIGEST, count=count)
    return queued


def _count_received(session: ReadSession, due: DueDigest, until: datetime) -> int:
    """Count the applications that belong into a digest, without those withdrawn since."""
    received = (
        ApplicationRow.organisation_id == due.organisation,
        ApplicationRow.route == Route.INSIDE.value,
        ApplicationRow.stage != Stage.WITHDRAWN.value,
        ApplicationRow.created_at >= due.since,
        ApplicationRow.created_at < until,
    )
    return session.scalar(select(func.count()).select_from(ApplicationRow).where(*received)) or 0
