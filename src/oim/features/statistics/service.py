"""Counting events by month, and the table of counts that is published.

A published count must not reveal anybody who is counted. Cells under `MIN_CELL_COUNT` are left blank. No
total is published beside them, as subtraction would give a blank back. Nor is the current month, as two
readings of it would reveal what happened between them; for the same reason a month that is over never
changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, case, select, update
from sqlalchemy.dialects.postgresql import insert

from oim.features.access import Action, Actor, Resource, Subject, permit
from oim.features.statistics.models import TallyRow
from oim.kit.clock import CAMEROON, now
from oim.kit.db import Listed, Listing, WriteSession, fetch_list_page

MIN_CELL_COUNT = 10  # people in a cell that is published


@dataclass(frozen=True, slots=True)
class Cell:
    """A count as it is published: None stands for 1 to 9. Cells with a count of 0 are not listed."""

    month: date
    what: str
    kind: str
    region: str
    answer: str
    count: int | None


def this_month() -> date:
    """The first day of the current month, in Cameroon."""
    return now().astimezone(CAMEROON).date().replace(day=1)


def increment(session: WriteSession, what: str, kind: str, region: str, detail: str = "") -> None:
    """Count an event once more in this month. The caller must have checked that the person may be counted."""
    replace_count(session, what, kind, region, None, detail)


def replace_count(
    session: WriteSession, what: str, kind: str, region: str, before: str | None, after: str | None
) -> None:
    """Move one count of this month from one detail to another, as when somebody changes their answer.

    With `before` None it only adds, with `after` None it only removes.
    """
    changes = [(detail, step) for detail, step in ((before, -1), (after, 1)) if detail is not None]
    # In the same order in every transaction: two that lock the same rows in opposite order would deadlock.
    for detail, step in sorted(changes):
        if step < 0:
            _decrement_cell(session, what, kind, region, detail)
        else:
            _increment_cell(session, what, kind, region, detail)


def load_table(session: WriteSession, actor: Actor) -> list[Cell]:
    """Load the counts of the months that are over, oldest first. Raises NotFoundError."""
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
            # By position: `row.count` is the method of a tuple.
            row[5] if row[5] >= MIN_CELL_COUNT else None,
        )
        for row in rows
    ]


_SHOWN_COUNT = case((TallyRow.count >= MIN_CELL_COUNT, TallyRow.count))
_CELL_SORTS: Mapping[str, ColumnElement[Any]] = {
    "month": TallyRow.month.expression,
    "what": TallyRow.what.expression,
    "kind": TallyRow.kind.expression,
    "region": TallyRow.region.expression,
    # The order must not give away what is not shown.
    "people": _SHOWN_COUNT,
}


def list_cells(session: WriteSession, actor: Actor, listing: Listing) -> Listed[Cell]:
    """One page of the counts of the months that are over. Filters: `kind`, `region`. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.STATISTICS), what="table")
    key = (TallyRow.what, TallyRow.kind, TallyRow.region, TallyRow.answer)
    query = select(TallyRow.month, *key, _SHOWN_COUNT).where(
        TallyRow.month < this_month(), TallyRow.count > 0
    )
    if kind := listing.filter("kind"):
        query = query.where(TallyRow.kind == kind)
    if region := listing.filter("region"):
        query = query.where(TallyRow.region == region)
    listed = fetch_list_page(session, query, listing, _CELL_SORTS, (TallyRow.month.desc(), *key))
    return listed.with_items([Cell(*row) for row in listed.items])


def _increment_cell(session: WriteSession, what: str, kind: str, region: str, detail: str) -> None:
    """Add 1 to a cell of this month, which is created if needed."""
    # An upsert: the first event of a month inserts the row, concurrent ones add to it.
    first_event = insert(TallyRow).values(
        month=this_month(), what=what, kind=kind, region=region, answer=detail, count=1
    )
    session.execute(
        first_event.on_conflict_do_update(
            index_elements=list(TallyRow.__table__.primary_key), set_={"count": TallyRow.count + 1}
        )
    )


def _decrement_cell(session: WriteSession, what: str, kind: str, region: str, detail: str) -> None:
    """Subtract 1 from a cell of this month; a cell that does not exist stays absent."""
    cell = (
        TallyRow.month == this_month(),
        TallyRow.what == what,
        TallyRow.kind == kind,
        TallyRow.region == region,
        TallyRow.answer == detail,
    )
    session.execute(update(TallyRow).where(*cell).values(count=TallyRow.count - 1))
