"""Review by staff: what is held or reported, and their decisions about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, func, select, update

from oim.features.access import Action, Actor, Resource, Subject, permit
from oim.features.opportunities import (
    OFFER_NOT_FOUND,
    Opportunity,
    list_held_since,
    load_for_review,
    lock_standings,
    release_offer,
    withdraw_offer,
)
from oim.features.trust.models import ReportRow, ReviewRow
from oim.features.trust.types import Decision, ReportReason
from oim.kit.clock import now
from oim.kit.db import ReadSession, WriteSession, seal, unseal
from oim.kit.errors import BadInputError, NotFoundError
from oim.kit.i18n import mark

QUEUE_LIMIT = 200  # offers at most
MAX_NOTE_LENGTH = 2000  # characters
_Row = TypeVar("_Row", ReportRow, ReviewRow)


@dataclass(frozen=True, slots=True)
class Review:
    """A decision that staff took before, and their note."""

    decision: Decision
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """An offer, since when it waits (None: it does not), why people warn of it and what was decided before.

    `words`: what those who reported it wrote.
    """

    offer: Opportunity
    waiting_since: datetime | None
    report_counts: Mapping[ReportReason, int]
    words: tuple[str, ...]
    reviews: tuple[Review, ...]


def load_review_queue(session: WriteSession, actor: Actor) -> list[ReviewItem]:
    """The offers held or reported, the oldest first; 200 at most. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.REVIEW))
    since = list_held_since(session, QUEUE_LIMIT)
    for id_, at in _find_reported_since(session).items():
        since[id_] = min(at, since.get(id_, at))
    oldest = sorted(since, key=lambda id_: (since[id_], id_))[:QUEUE_LIMIT]
    return _load_items(session, {id_: since[id_] for id_ in oldest})


def load_review_item(session: WriteSession, actor: Actor, offer: UUID) -> ReviewItem:
    """One offer as the queue shows it, whether or not it waits. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.REVIEW, str(offer)))
    standing = lock_standings(session, [offer]).get(offer)
    if standing is None:
        raise NotFoundError(OFFER_NOT_FOUND)
    reported = _find_reported_since(session, ReportRow.opportunity_id == offer).get(offer)
    since = [at for at in (standing.held_at, reported) if at]
    [found] = _load_items(session, {offer: min(since, default=None)})
    return found


def release(session: WriteSession, actor: Actor, offer: UUID, note: str = "") -> None:
    """Let an offer be shown, its warnings with it. Raises BadInputError, NotFoundError."""
    _record_decision(session, actor, offer, Decision.RELEASED, note)
    release_offer(session, offer)


def withdraw(session: WriteSession, actor: Actor, offer: UUID, note: str = "") -> None:
    """Let an offer be shown to nobody any more. Raises BadInputError, NotFoundError."""
    _record_decision(session, actor, offer, Decision.WITHDRAWN, note)
    withdraw_offer(session, offer)


def _record_decision(session: WriteSession, actor: Actor, offer: UUID, decision: Decision, note: str) -> None:
    """Keep the decision; what people wrote has served, and is wiped."""
    said = note.strip()
    if len(said) > MAX_NOTE_LENGTH:
        raise BadInputError(
            mark("This is too long: %(most)s characters at most."), field="note", most=MAX_NOTE_LENGTH
        )
    subject = Subject(Resource.REVIEW, str(offer))
    permit(session, actor, Action.CHANGE, subject, decision=decision.value)
    if not load_for_review(session, [offer]):
        raise NotFoundError(OFFER_NOT_FOUND)
    id_, at = uuid4(), now()
    kept = seal(session, ReviewRow.note, id_, said) if said else None
    session.add(ReviewRow(id=id_, opportunity_id=offer, decision=decision.value, note=kept, at=at))
    open_ = ReportRow.opportunity_id == offer, ReportRow.settled_at.is_(None)
    session.execute(update(ReportRow).where(*open_).values(settled_at=at, words=None))
    session.flush()


def _find_reported_since(session: ReadSession, *conditions: ColumnElement[bool]) -> dict[UUID, datetime]:
    first = func.min(ReportRow.at)
    rows = session.execute(
        select(ReportRow.opportunity_id, first)
        .where(ReportRow.settled_at.is_(None), *conditions)
        .group_by(ReportRow.opportunity_id)
        .order_by(first)
        .limit(QUEUE_LIMIT)
    )
    return dict(rows.all())


def _load_items(session: ReadSession, waiting_since: Mapping[UUID, datetime | None]) -> list[ReviewItem]:
    """The offers of these ids that are here, in this order."""
    ids = list(waiting_since)
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
    here = ReportRow.opportunity_id.in_(ids), ReportRow.settled_at.is_(None)
    return _group_by_offer(
        session.scalars(select(ReportRow).where(*here).order_by(ReportRow.at, ReportRow.id))
    )


def _load_reviews(session: ReadSession, ids: Sequence[UUID]) -> dict[UUID, list[ReviewRow]]:
    here = select(ReviewRow).where(ReviewRow.opportunity_id.in_(ids))
    return _group_by_offer(session.scalars(here.order_by(ReviewRow.at, ReviewRow.id)))


def _group_by_offer(rows: Iterable[_Row]) -> dict[UUID, list[_Row]]:
    found: dict[UUID, list[_Row]] = {}
    for row in rows:
        found.setdefault(row.opportunity_id, []).append(row)
    return found


def _open_words(session: ReadSession, rows: Iterable[ReportRow]) -> tuple[str, ...]:
    return tuple(unseal(session, ReportRow.words, row.id, row.words) for row in rows if row.words)


def _to_review(session: ReadSession, row: ReviewRow) -> Review:
    note = unseal(session, ReviewRow.note, row.id, row.note) if row.note else ""
    return Review(Decision(row.decision), note, row.at)


def purge_review_notes(session: WriteSession, before: datetime) -> int:
    """Wipe the notes of decisions taken before an instant, and keep what was decided; how many."""
    old = ReviewRow.at < before, ReviewRow.note.is_not(None)
    wiped = update(ReviewRow).where(*old).values(note=None).returning(ReviewRow.id)
    return len(session.scalars(wiped).all())
