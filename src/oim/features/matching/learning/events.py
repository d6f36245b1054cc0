"""Events of offers shown in lists: recorded as they happen, loaded as lists for training."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from oim.features.matching.feature_scores import Features
from oim.features.matching.learning.models import EventRow
from oim.features.matching.ranking import WEIGHTS
from oim.kit.clock import now
from oim.kit.db import ReadSession, WriteSession
from oim.kit.errors import NotFoundError
from oim.kit.i18n import mark


class EventKind(StrEnum):
    """What can happen to an offer in a list."""

    SHOWN = "shown"
    OPENED = "opened"
    SAVED = "saved"
    APPLIED = "applied"
    REDIRECTED = "redirected"  # the person left for the publisher's site
    OUTCOME = "outcome"


# Relevance grades for training, from the weakest sign of interest to the strongest; 0: nothing happened.
# A new grade needs an entry in `lambdamart.PARAMETERS["label_gain"]` too.
GAINS = {
    EventKind.OPENED: 1,
    EventKind.SAVED: 2,
    EventKind.REDIRECTED: 3,
    EventKind.APPLIED: 3,
    EventKind.OUTCOME: 4,
}
MAX_LISTS = 20_000  # lists loaded at once: some 200 MB


@dataclass(frozen=True, slots=True)
class ShownOffer:
    """An offer as it was shown in a list, and the best that came of it: 0 for nothing, else see `GAINS`."""

    opportunity: UUID
    position: int  # from 1
    features: Features
    gain: int


@dataclass(frozen=True, slots=True)
class ShownList:
    """One list of offers in the order shown."""

    at: datetime
    offers: tuple[ShownOffer, ...]

    @property
    def has_feedback(self) -> bool:
        """Whether the person did anything with an offer of the list."""
        return any(offer.gain for offer in self.offers)


def record_offer_event(session: WriteSession, kind: EventKind, list_id: UUID, opportunity: UUID) -> None:
    """Record what happened to an offer of a list that the engine recorded. Repeating it changes nothing.

    Raises NotFoundError for an offer that was not shown in that list.
    """
    of_offer = EventRow.list_id == list_id, EventRow.opportunity_id == opportunity
    if not session.scalar(select(exists().where(*of_offer, EventRow.kind == EventKind.SHOWN.value))):
        raise NotFoundError(mark("This list did not show this offer, or it is not known here."))
    values = {"at": now(), "kind": kind.value, "list_id": list_id, "opportunity_id": opportunity}
    # The unique index over list, offer and kind makes a repeated event a conflict.
    session.execute(insert(EventRow).values(values).on_conflict_do_nothing())


def record_shown_list(
    session: WriteSession, at: datetime, list_id: UUID, offers: Sequence[tuple[UUID, Features]]
) -> None:
    """Record that a list was shown: its offers in order, with the features they were ranked by."""
    rows = [
        {
            "at": at,
            "kind": EventKind.SHOWN.value,
            "list_id": list_id,
            "opportunity_id": id_,
            "position": place,
            "features": features,
        }
        for place, (id_, features) in enumerate(offers, start=1)
    ]
    if rows:
        session.execute(insert(EventRow), rows)


def load_shown_lists(
    session: ReadSession, *, with_feedback: bool = True, before: datetime | None = None
) -> list[ShownList]:
    """Load the newest `MAX_LISTS` lists, oldest first; by default only those with feedback.

    `before`: only lists shown before this time.
    """
    newest = _select_newest_lists(with_feedback, before)
    gains: defaultdict[tuple[UUID, UUID], int] = defaultdict(int)
    feedback = select(EventRow.list_id, EventRow.opportunity_id, EventRow.kind).where(
        EventRow.kind != EventKind.SHOWN.value, EventRow.list_id.in_(newest)
    )
    for list_id, opportunity, kind in session.execute(feedback):
        gains[list_id, opportunity] = max(gains[list_id, opportunity], GAINS[EventKind(kind)])
    # In this order the rows of one list are neighbours, as `groupby` needs them.
    shown_offers = (
        select(EventRow.list_id, EventRow.at, EventRow.opportunity_id, EventRow.position, EventRow.features)
        .where(EventRow.kind == EventKind.SHOWN.value, EventRow.list_id.in_(newest))
        .order_by(EventRow.at, EventRow.list_id, EventRow.position)
    )
    return [
        ShownList(at, tuple(_to_shown_offer(gains[list_id, id_], id_, *shown) for _, _, id_, *shown in rows))
        for (list_id, at), rows in groupby(session.execute(shown_offers), lambda row: (row[0], row[1]))
    ]


def _select_newest_lists(with_feedback: bool, before: datetime | None) -> Select[UUID]:
    """The query for the ids of the newest lists."""
    # Every list has exactly one offer at position 1, so this yields each list once without a DISTINCT.
    first = select(EventRow.list_id).where(EventRow.kind == EventKind.SHOWN.value, EventRow.position == 1)
    if with_feedback:
        feedback = aliased(EventRow)
        first = first.where(
            exists().where(feedback.list_id == EventRow.list_id, feedback.kind != EventKind.SHOWN.value)
        )
    if before is not None:
        first = first.where(EventRow.at < before)
    return first.order_by(EventRow.at.desc(), EventRow.list_id).limit(MAX_LISTS)


def _to_shown_offer(
    gain: int, opportunity: UUID, position: int | None, features: Features | None
) -> ShownOffer:
    """Build a shown offer from its row; features that no longer exist are left out."""
    known = {name: value for name, value in (features or {}).items() if name in WEIGHTS}
    return ShownOffer(opportunity, position or 1, known, gain)


def count_shown_positions(
    session: ReadSession, since: datetime, until: datetime
) -> dict[UUID, dict[int, int]]:
    """Count how often each offer was shown at each position from `since` until before `until`."""
    counted = select(EventRow.opportunity_id, EventRow.position, func.count()).where(
        EventRow.kind == EventKind.SHOWN.value,
        EventRow.at >= since,
        EventRow.at < until,
        EventRow.position.is_not(None),
    )
    counts: defaultdict[UUID, dict[int, int]] = defaultdict(dict)
    for opportunity, position, times in session.execute(
        counted.group_by(EventRow.opportunity_id, EventRow.position)
    ):
        counts[opportunity][position or 1] = times
    return dict(counts)
