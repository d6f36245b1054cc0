"""What applications report to statistics.

Statistics count people who agreed to be counted, not acts, so that one busy person does not look like many.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import exists, select

from oim.features import statistics
from oim.features.applications.models import ApplicationRow, OutcomeRow
from oim.features.applications.types import Route
from oim.features.consents import Purpose, has_agreed
from oim.kit.db import ReadSession, WriteSession

_TALLY_CODES = {Route.INSIDE: "applied", Route.REDIRECTED: "redirected"}


def count_application(session: WriteSession, row: ApplicationRow, person: UUID) -> None:
    """Count a person among those who applied, or left for a publisher's site, this month."""
    if not has_agreed(session, person, Purpose.STATISTICS):
        return
    month = statistics.this_month()
    # A person counts once a month for each kind, region and route: an earlier application stands for this
    # one.
    same = exists().where(
        ApplicationRow.person_id == person,
        ApplicationRow.id != row.id,
        ApplicationRow.kind == row.kind,
        ApplicationRow.region.is_not_distinct_from(row.region),
        ApplicationRow.route == row.route,
        ApplicationRow.counted_in == month,
    )
    if not session.scalar(select(same)):
        statistics.increment(session, _TALLY_CODES[Route(row.route)], row.kind, row.region or "")
    row.counted_in = month


def count_outcome(
    session: WriteSession, outcome: OutcomeRow, application: ApplicationRow, answer: str
) -> None:
    """Count an answer in place of the earlier one. Once its month is over, what was counted stays."""
    month = statistics.this_month()
    if outcome.counted_in not in (None, month):
        return
    counts = has_agreed(session, outcome.person_id, Purpose.STATISTICS)
    before = outcome.answer if outcome.counted_in else None
    after = answer if counts else None
    cell = f"outcome_{outcome.day}", application.kind, application.region or ""
    # Another application of the same person may stand in the same cell: then this answer neither adds nor
    # removes.
    changes = [
        value if value and _is_first_in_cell(session, outcome, application, value) else None
        for value in (before, after)
    ]
    statistics.replace_count(session, *cell, *changes)
    outcome.counted_in = month if counts else None


def _is_first_in_cell(
    session: ReadSession, outcome: OutcomeRow, application: ApplicationRow, answer: str
) -> bool:
    """Whether no other answer of the same person is in the same cell."""
    same = exists().where(
        OutcomeRow.application_id == ApplicationRow.id,
        OutcomeRow.id != outcome.id,
        OutcomeRow.person_id == outcome.person_id,
        OutcomeRow.day == outcome.day,
        OutcomeRow.answer == answer,
        OutcomeRow.counted_in == statistics.this_month(),
        ApplicationRow.kind == application.kind,
        ApplicationRow.region.is_not_distinct_from(application.region),
    )
    return not session.scalar(select(same))
