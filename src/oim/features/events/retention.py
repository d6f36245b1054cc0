"""Deleting events past their term: those of strangers soon, all others after the term in the register.

The trigger of the table lets nobody delete but a transaction that says it keeps to a term, as here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select
from sqlalchemy.orm import aliased

from oim.features.events.catalogue import EventKind
from oim.features.events.lists import shown_to_known
from oim.features.events.models import EventRow
from oim.kit.db import Database, WriteSession

# A ranker learns from the newest lists, and an offer is open for weeks: older ones teach nothing more.
STRANGERS_TERM = timedelta(days=90)
DELETED_AT_ONCE = 2_000  # rows of one transaction: it is soon over, and holds back nobody
_PURGE_SETTING = "oim.purge_events"  # of a transaction; the table's trigger reads it


def purge_events(session: WriteSession, before: datetime) -> int:
    """Delete the events from before an instant; return how many."""
    return _delete(session, EventRow.at < before)


def purge_strangers(database: Database, at: datetime) -> int:
    """Delete the events of strangers that are past their term at an instant; return how many.

    Each chunk is a transaction of its own.
    """
    last, count = 0, 0
    while ids := _list_strangers_events(database, at - STRANGERS_TERM, last):
        with database.write() as session:
            count += _delete(session, EventRow.id.in_(ids))
        last = ids[-1]
    return count


def _list_strangers_events(database: Database, before: datetime, after_id: int) -> Sequence[int]:
    """List the next ids of events of strangers from before an instant."""
    lists = aliased(EventRow)
    is_of_person = exists().where(
        lists.list_id == EventRow.list_id, lists.kind == EventKind.SHOWN.value, shown_to_known(lists)
    )
    # Version 1 of what follows is by nobody known, as what a client or page reports of a list is later. An
    # act of an account, and what followed on a list of people, stays for the longer term.
    is_reported = func.coalesce(EventRow.details["reported"].as_boolean(), EventRow.version == 1)
    follows: ColumnElement[bool] = and_(EventRow.list_id.is_not(None), is_reported, ~is_of_person)
    is_shown = EventRow.kind == EventKind.SHOWN.value
    query = (
        select(EventRow.id)
        .where(EventRow.id > after_id, EventRow.at < before)
        .where(or_(and_(is_shown, ~shown_to_known(EventRow)), and_(~is_shown, follows)))
        .order_by(EventRow.id)
        .limit(DELETED_AT_ONCE)
    )
    with database.read() as session:
        return session.scalars(query).all()


def _delete(session: WriteSession, condition: ColumnElement[bool]) -> int:
    """Delete events, in the way that the trigger leaves; return how many."""
    session.execute(select(func.set_config(_PURGE_SETTING, "on", True)))
    deleted = delete(EventRow).where(condition).returning(EventRow.id)
    count = len(session.scalars(deleted).all())
    session.execute(select(func.set_config(_PURGE_SETTING, "off", True)))
    return count
