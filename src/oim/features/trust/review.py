"""Review by staff: the queue of offers that are held or reported, and the decisions about them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeVar
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, func, select, union, update

from oim.features.access import Action, Actor, Resource, Subject, permit
from oim.features.opportunities import (
    OFFER_NOT_FOUND,
    Opportunity,
    fetch_review_page,
    list_held_since,
    load_for_review,
    lock_standings,
    release_offer,
    select_held_ids,
    withdraw_offer,
)
from oim.features.trust.models import ReportRow, ReviewRow
from oim.features.trust.types import Decision, ReportReason
from oim.features.trust.voices import (
    find_proven_since,
    find_raised_since,
    find_serious_since,
    select_raised_ids,
)
from oim.kit.clock import now
from oim.kit.db import Listed, Listing, ReadSession, WriteSession, seal, unseal
from oim.kit.errors import NotFoundError
from oim.kit.fields import check_length

QUEUE_LIMIT = 200  # offers in one queue
SERIOUS_FIRST = QUEUE_LIMIT // 4  # reported for violence or trafficking, before all others
PROVEN_FIRST = QUEUE_LIMIT // 4  # of which proven voices warn, before the rest
MAX_NOTE_LENGTH = 2000  # characters
_Since = Mapping[UUID, datetime]  # offers by id, with the instant since when, the oldest first
_Row = TypeVar("_Row", ReportRow, ReviewRow)


@dataclass(frozen=True, slots=True)
class Review:
    """An earlier decision of staff and their note, empty when none was written or its retention is over."""

    decision: Decision
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """An offer under review, with its open reports and earlier decisions.

    `waiting_since` is None when the offer is neither held nor reported. `report_counts` counts the open
    reports by reason; `words` are what their authors wrote.
    """

    offer: Opportunity
    waiting_since: datetime | None
    report_counts: Mapping[ReportReason, int]
    words: tuple[str, ...]
    reviews: tuple[Review, ...]


def load_review_queue(session: WriteSession, actor: Actor) -> list[ReviewItem]:
    """The offers that are held or reported; 200 at most. Raises NotFoundError.

    First some reported for violence or trafficking, since somebody may be in danger; then some still shown of
    which proven voices warn, since they may harm readers. Then offers of which many
    voices warn, those that are held, and others that are reported take turns: no kind fills the queue.
    """
    permit(session, actor, Action.READ, Subject(Resource.REVIEW))
    return _load_items(session, _find_queue(session))


def list_review_queue(session: WriteSession, actor: Actor, listing: Listing) -> Listed[ReviewItem]:
    """One page of that queue, in its order or sorted and filtered: see `opportunities.fetch_review_page`.

    Raises BadInputError, NotFoundError.
    """
    permit(session, actor, Action.READ, Subject(Resource.REVIEW))
    queue = _find_queue(session)
    oldest_first = sorted(queue, key=lambda id_: (queue[id_] or now(), id_))
    listed = fetch_review_page(session, list(queue), oldest_first, listing)
    return listed.with_items(_load_items(session, {id_: queue[id_] for id_ in listed.items}))


def _find_queue(session: ReadSession) -> dict[UUID, datetime | None]:
    """The offers of the queue in its order, each with the instant since when it waits."""
    proven, raised, held_since = (
        find(session, QUEUE_LIMIT) for find in (find_proven_since, find_raised_since, list_held_since)
    )
    offer = ReportRow.opportunity_id
    is_other = offer.not_in({*proven, *held_since}), offer.not_in(select_raised_ids())
    first = list(find_serious_since(session, SERIOUS_FIRST))
    rest = _take_turns(proven, raised, held_since, _find_reported_since(session, *is_other))
    ids = [*first, *(id_ for id_ in rest if id_ not in first)][:QUEUE_LIMIT]
    reported = _find_reported_since(session, ReportRow.opportunity_id.in_(ids))
    starts = {id_: [since[id_] for since in (held_since, reported) if id_ in since] for id_ in ids}
    return {id_: min(instants, default=None) for id_, instants in starts.items()}


def count_review_queue(session: WriteSession, actor: Actor) -> int:
    """How many offers are held or reported and wait for a decision. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.REVIEW), what="count")
    reported = select(ReportRow.opportunity_id).where(ReportRow.settled_at.is_(None))
    waiting = union(select_held_ids(), reported).subquery()
    return session.scalar(select(func.count()).select_from(waiting)) or 0


def _take_turns(proven: _Since, raised: _Since, held_since: _Since, reported: _Since) -> list[UUID]:
    """Order the offers of four lists, each once: some of the first list, then one of each list in turn."""
    places: dict[UUID, tuple[int, bool, datetime]] = {}
    for since, may_harm in ((proven, True), (raised, True), (held_since, False), (reported, False)):
        new = [id_ for id_ in since if id_ not in places]
        places |= {id_: (turn, not may_harm, since[id_]) for turn, id_ in enumerate(new)}
    places |= {id_: (-1, False, proven[id_]) for id_ in islice(proven, PROVEN_FIRST)}
    return sorted(places, key=lambda id_: (places[id_], id_))


def load_review_item(session: WriteSession, actor: Actor, offer: UUID) -> ReviewItem:
    """One offer as the queue shows it, whether or not it waits for a decision. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.REVIEW, str(offer)))
    standing = lock_standings(session, [offer]).get(offer)
    if standing is None:
        raise NotFoundError(OFFER_NOT_FOUND)
    reported_at = _find_reported_since(session, ReportRow.opportunity_id == offer).get(offer)
    starts = [at for at in (standing.held_at, reported_at) if at]
    [item] = _load_items(session, {offer: min(starts, default=None)})
    return item


def release(session: WriteSession, actor: Actor, offer: UUID, note: str = "") -> None:
    """Show an offer together with its warnings. Raises BadInputError for the note; NotFoundError."""
    _record_decision(session, actor, offer, Decision.RELEASED, note)
    release_offer(session, offer)


def withdraw(session: WriteSession, actor: Actor, offer: UUID, note: str = "") -> None:
    """Hide an offer for good. Raises BadInputError for the note; NotFoundError."""
    _record_decision(session, actor, offer, Decision.WITHDRAWN, note)
    withdraw_offer(session, offer)


def _record_decision(session: WriteSession, actor: Actor, offer: UUID, decision: Decision, note: str) -> None:
    """Save a decision, settle the open reports of the offer and wipe their words, now no longer needed."""
    stripped_note = note.strip()
    check_length(stripped_note, MAX_NOTE_LENGTH, "note")
    subject = Subject(Resource.REVIEW, str(offer))
    permit(session, actor, Action.CHANGE, subject, decision=decision.value)
    if not load_for_review(session, [offer]):
        raise NotFoundError(OFFER_NOT_FOUND)
    id_, at = uuid4(), now()
    # The id of the row goes into the seal: a sealed note copied into another row cannot be opened there.
    sealed_note = seal(session, ReviewRow.note, id_, stripped_note) if stripped_note else None
    session.add(ReviewRow(id=id_, opportunity_id=offer, decision=decision.value, note=sealed_note, at=at))
    open_reports = ReportRow.opportunity_id == offer, ReportRow.settled_at.is_(None)
    session.execute(update(ReportRow).where(*open_reports).values(settled_at=at, words=None))
    session.flush()


def _find_reported_since(session: ReadSession, *conditions: ColumnElement[bool]) -> dict[UUID, datetime]:
    """Offers with open reports, by id, with the instant of the first: 200 at most, the oldest first."""
    first_report = func.min(ReportRow.at)
    rows = session.execute(
        select(ReportRow.opportunity_id, first_report)
        .where(ReportRow.settled_at.is_(None), *conditions)
        .group_by(ReportRow.opportunity_id)
        .order_by(first_report)
        .limit(QUEUE_LIMIT)
    )
    return dict(rows.all())


def _load_items(session: ReadSession, waiting_since: Mapping[UUID, datetime | None]) -> list[ReviewItem]:
    """Build the items of offers in the order given; an offer that no longer exists is omitted."""
    ids = list(waiting_since)
    # Three queries for the whole queue, not three for each offer.
    offers, reports, reviews = (
        load_for_review(session, ids),
        _load_open_reports(session, ids),
        _load_reviews(session, ids),
    )
    return [
        ReviewItem(
            offer=offers[id_],
            waiting_since=at,
            report_counts=Counter(ReportReason(row.reason) for row in reports.get(id_, ())),
            words=_open_words(session, reports.get(id_, ())),
            reviews=tuple(_to_review(session, row) for row in reviews.get(id_, ())),
        )
        for id_, at in waiting_since.items()
        if id_ in offers
    ]


def _load_open_reports(session: ReadSession, ids: Sequence[UUID]) -> dict[UUID, list[ReportRow]]:
    """The open reports of offers, by offer, oldest first."""
    conditions = ReportRow.opportunity_id.in_(ids), ReportRow.settled_at.is_(None)
    return _group_by_offer(
        session.scalars(select(ReportRow).where(*conditions).order_by(ReportRow.at, ReportRow.id))
    )


def _load_reviews(session: ReadSession, ids: Sequence[UUID]) -> dict[UUID, list[ReviewRow]]:
    """The earlier decisions about offers, by offer, oldest first."""
    query = select(ReviewRow).where(ReviewRow.opportunity_id.in_(ids))
    return _group_by_offer(session.scalars(query.order_by(ReviewRow.at, ReviewRow.id)))


def _group_by_offer(rows: Iterable[_Row]) -> dict[UUID, list[_Row]]:
    """Group rows by the id of their offer, in the order of the rows."""
    rows_by_offer: dict[UUID, list[_Row]] = {}
    for row in rows:
        rows_by_offer.setdefault(row.opportunity_id, []).append(row)
    return rows_by_offer


def _open_words(session: ReadSession, rows: Iterable[ReportRow]) -> tuple[str, ...]:
    """Decrypt the words of those reports that have any."""
    return tuple(unseal(session, ReportRow.words, row.id, row.words) for row in rows if row.words)


def _to_review(session: ReadSession, row: ReviewRow) -> Review:
    """Build a decision from its row, its note decrypted."""
    note = unseal(session, ReviewRow.note, row.id, row.note) if row.note else ""
    return Review(Decision(row.decision), note, row.at)


def purge_review_notes(session: WriteSession, before: datetime) -> int:
    """Wipe the notes of decisions taken before an instant; the decisions stay. Returns how many notes."""
    old_notes = ReviewRow.at < before, ReviewRow.note.is_not(None)
    query = update(ReviewRow).where(*old_notes).values(note=None).returning(ReviewRow.id)
    return len(session.scalars(query).all())
