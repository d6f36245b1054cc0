"""Reading events by list: what each list showed, and what became of its offers.

Lists are one row each; those of versions 1 and 2 have one for each offer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, Uuid, cast, exists, func, select, true
from sqlalchemy.orm import aliased

from oim.features.events.catalogue import Event, EventKind, Shown, parse_event
from oim.features.events.models import EventRow
from oim.kit.db import ReadSession


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
    shown = (
        select(EventRow)
        .where(EventRow.kind == EventKind.SHOWN.value, EventRow.list_id.in_(newest))
        .order_by(EventRow.at, EventRow.list_id, EventRow.position)
    )
    return [
        RecordedList(
            at,
            tuple(
                RecordedOffer(id_, position, features, tuple(events[list_id, id_]))
                for row in rows
                for id_, position, features in _read_offers(row)
            ),
        )
        for (list_id, at), rows in groupby(session.scalars(shown), lambda row: (row.list_id, row.at))
    ]


def count_shown_positions(
    session: ReadSession, since: datetime, until: datetime
) -> dict[UUID, dict[int, int]]:
    """Count how often people who were signed in were shown each offer at each position.

    From `since` until before `until`.
    """
    # The row of one offer is read as a list of one, at the position that it names.
    offers = func.coalesce(EventRow.details["offers"], func.jsonb_build_array(EventRow.opportunity_id))
    elements = func.jsonb_array_elements_text(offers).table_valued("offer", with_ordinality="place")
    shown = elements.render_derived()
    keys = cast(shown.c.offer, Uuid), cast(func.coalesce(EventRow.position, shown.c.place), Integer)
    counted = (
        select(*keys, func.count())
        .select_from(EventRow)
        .join(shown, true())
        .where(EventRow.kind == EventKind.SHOWN.value, EventRow.at >= since, EventRow.at < until)
        .where(shown_to_known(EventRow))
        .group_by(*keys)
    )
    counts: defaultdict[UUID, dict[int, int]] = defaultdict(dict)
    for opportunity, position, times in session.execute(counted):
        counts[opportunity][position] = times
    return dict(counts)


def shown_to_known(row: type[EventRow]) -> ColumnElement[bool]:
    """Of a row of what was shown: whether to somebody signed in. Version 1 did not say: to a stranger."""
    return func.coalesce(row.details["known"].as_boolean(), False)


def _select_newest_lists(
    limit: int, known: bool, followed: bool, before: datetime | None
) -> Select[UUID | None]:
    """The query for the ids of the newest lists."""
    # A list is one row, or has exactly one offer at position 1: this yields each once without a DISTINCT.
    is_first = func.coalesce(EventRow.position, 1) == 1
    first = select(EventRow.list_id).where(
        EventRow.kind == EventKind.SHOWN.value, is_first, shown_to_known(EventRow).is_(known)
    )
    if followed:
        later = aliased(EventRow)
        first = first.where(
            exists().where(later.list_id == EventRow.list_id, later.kind != EventKind.SHOWN.value)
        )
    if before is not None:
        first = first.where(EventRow.at < before)
    return first.order_by(EventRow.at.desc(), EventRow.list_id).limit(limit)


def _read_offers(row: EventRow) -> Iterator[tuple[UUID, int, dict[str, float]]]:
    """Read the offers of a row of what was shown, each with its position and features."""
    if row.opportunity_id is not None:
        yield row.opportunity_id, row.position or 1, row.features or {}
        return
    fields = {"list_id": row.list_id, "features": row.features, **row.details}
    shown = Shown.model_validate(fields)
    for place, offer in enumerate(shown.offers):
        values = {name: series[place] for name, series in shown.features.items()}
        yield offer, place + 1, {name: value for name, value in values.items() if value is not None}


def _load_followed_events(
    session: ReadSession, lists: Select[UUID | None]
) -> defaultdict[tuple[UUID | None, UUID | None], list[Event]]:
    """Load what followed on these lists, by list and offer."""
    columns = EventRow.list_id, EventRow.opportunity_id, EventRow.kind, EventRow.version, EventRow.details
    query = select(*columns).where(EventRow.kind != EventKind.SHOWN.value, EventRow.list_id.in_(lists))
    events: defaultdict[tuple[UUID | None, UUID | None], list[Event]] = defaultdict(list)
    for list_id, opportunity, kind, version, details in session.execute(query.order_by(EventRow.id)):
        fields = {"list_id": list_id, "opportunity_id": opportunity, **details}
        events[list_id, opportunity].append(parse_event(kind, version, fields))
    return events
