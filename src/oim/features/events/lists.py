"""Reading events by list: what each list showed, and what became of its offers."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import aliased

from oim.features.events.catalogue import Event, EventKind, parse_event
from oim.features.events.models import EventRow
from oim.kit.db import ReadSession

# Of a row of a shown offer: whether it was shown to somebody signed in. Version 1 did not say: to a stranger.
_SHOWN_TO_KNOWN = func.coalesce(EventRow.details["known"].as_boolean(), False)


@dataclass(frozen=True, slots=True)
class RecordedOffer:
    """An offer as a list showed it, and the events that followed."""

    opportunity: UUID
    position: int  # from 1
    features: dict[str, float]
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class RecordedList:
    """One list of offers in the order shown."""

    at: datetime
    offers: tuple[RecordedOffer, ...]


def load_recorded_lists(
    session: ReadSession, limit: int, *, known: bool, followed: bool, before: datetime | None = None
) -> list[RecordedList]:
    """Load the newest lists, oldest first, with what became of their offers.

    `known`: only lists shown to people who were signed in; else only those of strangers. `followed`: only
    lists of which something came. `before`: only lists shown before this time.
    """
    newest = _select_newest_lists(limit, known, followed, before)
    events = _load_followed_events(session, newest)
    # In this order the rows of one list are neighbours, as `groupby` needs them.
    shown_offers = (
        select(EventRow.list_id, EventRow.at, EventRow.opportunity_id, EventRow.position, EventRow.features)
        .where(EventRow.kind == EventKind.SHOWN.value, EventRow.list_id.in_(newest))
        .order_by(EventRow.at, EventRow.list_id, EventRow.position)
    )
    return [
        RecordedList(
            at,
            tuple(
                RecordedOffer(id_, position or 1, features or {}, tuple(events[list_id, id_]))
                for _, _, id_, position, features in rows
            ),
        )
        for (list_id, at), rows in groupby(session.execute(shown_offers), lambda row: (row[0], row[1]))
    ]


def count_shown_positions(
    session: ReadSession, since: datetime, until: datetime
) -> dict[UUID, dict[int, int]]:
    """Count how often people who were signed in were shown each offer at each position.

    From `since` until before `until`.
    """
    counted = select(EventRow.opportunity_id, EventRow.position, func.count()).where(
        EventRow.kind == EventKind.SHOWN.value,
        EventRow.at >= since,
        EventRow.at < until,
        EventRow.position.is_not(None),
        _SHOWN_TO_KNOWN,
    )
    counts: defaultdict[UUID, dict[int, int]] = defaultdict(dict)
    for opportunity, position, times in session.execute(
        counted.group_by(EventRow.opportunity_id, EventRow.position)
    ):
        counts[opportunity][position or 1] = times
    return dict(counts)


def _select_newest_lists(
    limit: int, known: bool, followed: bool, before: datetime | None
) -> Select[UUID | None]:
    """The query for the ids of the newest lists."""
    # Every list has exactly one offer at position 1, so this yields each list once without a DISTINCT.
    first = select(EventRow.list_id).where(
        EventRow.kind == EventKind.SHOWN.value, EventRow.position == 1, _SHOWN_TO_KNOWN.is_(known)
    )
    if followed:
        later = aliased(EventRow)
        first = first.where(
            exists().where(later.list_id == EventRow.list_id, later.kind != EventKind.SHOWN.value)
        )
    if before is not None:
        first = first.where(EventRow.at < before)
    return first.order_by(EventRow.at.desc(), EventRow.list_id).limit(limit)


def _load_followed_events(
    session: ReadSession, lists: Select[UUID | None]
) -> defaultdict[tuple[UUID, UUID], list[Event]]:
    """Load what followed on these lists, by list and offer."""
    columns = EventRow.list_id, EventRow.opportunity_id, EventRow.kind, EventRow.version, EventRow.details
    query = select(*columns).where(EventRow.kind != EventKind.SHOWN.value, EventRow.list_id.in_(lists))
    events: defaultdict[tuple[UUID, UUID], list[Event]] = defaultdict(list)
    for list_id, opportunity, kind, version, details in session.execute(query.order_by(EventRow.id)):
        fields = {"list_id": list_id, "opportunity_id": opportunity, **details}
        events[list_id, opportunity].append(parse_event(kind, version, fields))
    return events
