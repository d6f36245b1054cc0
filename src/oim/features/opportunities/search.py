"""Searching the open offers: page by page, or how many there are that are new."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, case, cast, func, or_, select

from oim.features.opportunities.filters import build_conditions
from oim.features.opportunities.models import OFFER_CHANGED, OpportunityRow
from oim.features.opportunities.paging import (
    Page,
    fetch_newest_page,
    fetch_page_of_ids,
    is_listed,
    select_offers,
)
from oim.features.opportunities.search_criteria import Search
from oim.kit.clock import now
from oim.kit.db import OutboxRow, ReadSession


def search_offers(
    session: ReadSession,
    search: Search,
    *,
    ids: Sequence[UUID] | None = None,
    after: str | None = None,
    limit: int = 20,
) -> Page:
    """The open offers that meet the conditions, after a cursor of an earlier page. Raises BadInputError.

    `ids`: what the matching engine found for the words, most fitting first; only these, in that order.
    Without them the words count for nothing and the newest offers come first.
    """
    query = select_offers().where(*_meets_search(search))
    if ids is None:
        return fetch_newest_page(session, query, after, limit)
    return fetch_page_of_ids(session, query, ids, after, limit)


def count_open_offers(
    session: ReadSession, search: Search, since: datetime | None = None, *, ids: Sequence[UUID] | None = None
) -> int:
    """How many open offers meet the conditions, of those first seen after an instant, of these ids."""
    found = select(func.count()).select_from(OpportunityRow).where(*_meets_search(search))
    if since is not None:
        found = found.where(OpportunityRow.first_seen_at > since)
    if ids is not None:
        found = found.where(OpportunityRow.id.in_(ids))
    return session.scalar(found) or 0


def find_new_offer_ids(
    session: ReadSession,
    search: Search,
    *,
    since: datetime,
    until: datetime,
    ids: Sequence[UUID] | None = None,
) -> set[UUID]:
    """The open offers that meet the conditions and came after `since`, at `until` at the latest.

    An offer comes when it is first seen, and again when staff release it.
    """
    found = select(OpportunityRow.id).where(*_meets_search(search), _appeared_between(since, until))
    if ids is not None:
        found = found.where(OpportunityRow.id.in_(ids))
    return set(session.scalars(found))


def find_first_unindexed(session: ReadSession, *, since: datetime, until: datetime) -> datetime | None:
    """When the first came of the offers that came between and still wait for the index of the engine."""
    changed = select(OutboxRow.key).where(OutboxRow.topic == OFFER_CHANGED)
    here = _appeared_between(since, until), cast(OpportunityRow.id, Text).in_(changed)
    seen, released = OpportunityRow.first_seen_at, OpportunityRow.released_at
    came = case((and_(seen > since, seen <= until), seen), else_=released)
    found: datetime | None = session.scalar(select(func.min(came)).where(*here))
    return found


def _appeared_between(since: datetime, until: datetime) -> ColumnElement[bool]:
    seen, released = OpportunityRow.first_seen_at, OpportunityRow.released_at
    return or_(and_(seen > since, seen <= until), and_(released > since, released <= until))


def _meets_search(search: Search) -> list[ColumnElement[bool]]:
    return [is_listed(now()), *build_conditions(search)]
