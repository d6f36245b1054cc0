"""Search in the open offers: a page of results, their number, or those that are new for an alert."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, case, cast, func, or_, select

from oim.features.events import INDEX
from oim.features.opportunities.filters import build_conditions, build_sort_key
from oim.features.opportunities.models import OpportunityRow
from oim.features.opportunities.pages import (
    Page,
    fetch_newest_page,
    fetch_page_of_ids,
    fetch_sorted_page,
    is_listed,
    select_offers,
)
from oim.features.opportunities.search_criteria import Order, Search
from oim.kit.clock import now
from oim.kit.db import OutboxRow, ReadSession, is_waiting_for


def search_offers(
    session: ReadSession,
    search: Search,
    *,
    ids: Sequence[UUID] | None = None,
    order: Order | None = None,
    after: str | None = None,
    limit: int = 20,
) -> Page:
    """One page of the open offers that meet a search. Raises BadInputError.

    `ids` are the offers that the matching engine found for the words, best match first: only these are
    returned, in that order unless `order` says another. Without `ids` the words are ignored.
    `after` is the cursor of the page before (`Page.next`), None for the first page.
    """
    query = select_offers().where(*_meets_search(search))
    if ids is not None and (order is None or order.sort is None):
        return fetch_page_of_ids(session, query, ids, after, limit)
    if ids is not None:
        query = query.where(OpportunityRow.id.in_(ids))
    key = build_sort_key(order) if order else None
    if key is None:
        return fetch_newest_page(session, query, after, limit)
    return fetch_sorted_page(session, query, key, after, limit)


def count_open_offers(
    session: ReadSession, search: Search, since: datetime | None = None, *, ids: Sequence[UUID] | None = None
) -> int:
    """How many open offers meet a search; only those first seen after `since`, only those of `ids`."""
    query = select(func.count()).select_from(OpportunityRow).where(*_meets_search(search))
    if since is not None:
        query = query.where(OpportunityRow.first_seen_at > since)
    if ids is not None:
        query = query.where(OpportunityRow.id.in_(ids))
    return session.scalar(query) or 0


def find_new_offer_ids(
    session: ReadSession,
    search: Search,
    *,
    since: datetime,
    until: datetime,
    ids: Sequence[UUID] | None = None,
) -> set[UUID]:
    """The open offers that meet a search and appeared after `since` and not after `until`.

    An offer appears when it is first seen, and again when staff release it.
    """
    query = select(OpportunityRow.id).where(*_meets_search(search), _appeared_between(since, until))
    if ids is not None:
        query = query.where(OpportunityRow.id.in_(ids))
    return set(session.scalars(query))


def find_first_unindexed(session: ReadSession, *, since: datetime, until: datetime) -> datetime | None:
    """When the earliest offer appeared, in this interval, that the engine's index does not hold yet.

    None when all are indexed. An alert for words must stop before that instant, or it would miss the offer.
    """
    unindexed = select(OutboxRow.key).where(is_waiting_for(INDEX))
    conditions = _appeared_between(since, until), cast(OpportunityRow.id, Text).in_(unindexed)
    first_seen, released = OpportunityRow.first_seen_at, OpportunityRow.released_at
    # Of the two instants, the one that lies in the interval; the earlier one where both do.
    appeared = case((and_(first_seen > since, first_seen <= until), first_seen), else_=released)
    earliest: datetime | None = session.scalar(select(func.min(appeared)).where(*conditions))
    return earliest


def _appeared_between(since: datetime, until: datetime) -> ColumnElement[bool]:
    """The offer was first seen or released in the interval: `since` excluded, `until` included."""
    first_seen, released = OpportunityRow.first_seen_at, OpportunityRow.released_at
    return or_(and_(first_seen > since, first_seen <= until), and_(released > since, released <= until))


def _meets_search(search: Search) -> list[ColumnElement[bool]]:
    """The offer is open, public and meets every condition of the search."""
    return [is_listed(now()), *build_conditions(search)]
