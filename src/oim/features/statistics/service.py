"""Counting, and the table that is published.

Who is counted must not be told by it. Cells under `LEAST` are left blank. No total is published beside them,
as it would give a blank back by subtraction; nor is the month that runs, as two readings of it would give
back what happened between them. So that no later reading does either, a month that is over never changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from oim.features.access import Action, Actor, Resource, Subject, permit
from oim.features.statistics.models import TallyRow
from oim.kit.clock import CAMEROON, now
from oim.kit.db import WriteSession

MIN_CELL_COUNT = 10  # people in a cell that is published


@dataclass(frozen=True, slots=True)
class Cell:
    """A count as it is published: None stands for 1 to 9. What is not listed did not happen."""

    month: date
    what: str
    kind: str
    region: str
    answer: str
    count: int | None


def this_month() -> date:
    """The first day of the month that runs, in Cameroon."""
    return now().astimezone(CAMEROON).date().replace(day=1)


def increment(session: WriteSession, what: str, kind: str, region: str, detail: str = "") -> None:
    """Something happened this month, once more. Whether it may be counted is for the caller to ask."""
    replace_count(session, what, kind, region, None, detail)


def replace_count(
    session: WriteSession, what: str, kind: str, region: str, before: str | None, after: str | None
) -> None:
    """What was counted this month under one detail is counted under another; None stands for nothing."""
    changes = [(detail, by) for detail, by in ((before, -1), (after, 1)) if detail is not None]
    for detail, by in sorted(changes):  # in one order, so that two who count never wait for one another
        if by < 0:
            _decrement_cell(session, what, kind, region, detail)
        else:
            _increment_cell(session, what, kind, region, detail)


def load_table(session: WriteSession, actor: Actor) -> list[Cell]:
    """The counts of the months that are over, oldest first. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.STATISTICS), what="table")
    key = (TallyRow.month, TallyRow.what, TallyRow.kind, TallyRow.region, TallyRow.answer)
    rows = session.execute(
        select(*key, TallyRow.count).where(TallyRow.month < this_month(), TallyRow.count > 0).order_by(*key)
    )
    return [
        Cell(
            row.month,
            row.what,
            row.kind,
            row.region,
            row.answer,
            row[5] if row[5] >= MIN_CELL_COUNT else None,
        )
        for row in rows
    ]


def _increment_cell(session: WriteSession, what: str, kind: str, region: str, detail: str) -> None:
    one = insert(TallyRow).values(
        month=this_month(), what=what, kind=kind, region=region, answer=detail, count=1
    )
    session.execute(
        one.on_conflict_do_update(
            index_elements=list(TallyRow.__table__.primary_key), set_={"count": TallyRow.count + 1}
        )
    )


def _decrement_cell(session: WriteSession, what: str, kind: str, region: str, detail: str) -> None:
    here = (
        TallyRow.month == this_month(),
        TallyRow.what == what,
        TallyRow.kind == kind,
        TallyRow.region == region,
        TallyRow.answer == detail,
    )
    session.execute(update(TallyRow).where(*here).values(count=TallyRow.count - 1))
