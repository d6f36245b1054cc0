"""Reading stored offers: one or several by id, the newest page by page, or all of them in batches.

Offers that are held or withdrawn are treated as absent, except in the functions made for staff and the index.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from oim.features.opportunities.models import OpportunityRow
from oim.features.opportunities.pages import OfferQuery, Page, fetch_newest_page, is_listed, select_offers
from oim.features.opportunities.rows import to_opportunity
from oim.features.opportunities.standing import OFFER_NOT_FOUND, is_public
from oim.features.opportunities.types import Kind, Opportunity
from oim.kit.clock import now
from oim.kit.db import ReadSession
from oim.kit.errors import NotFoundError


def get(session: ReadSession, id_: UUID) -> Opportunity:
    """Load one offer, open or closed. Raises NotFoundError."""
    offers = get_many(session, [id_])
    if id_ not in offers:
        raise NotFoundError(OFFER_NOT_FOUND)
    return offers[id_]


def get_many(session: ReadSession, ids: Sequence[UUID]) -> dict[UUID, Opportunity]:
    """Load offers by id, open or closed. Unknown ids are omitted."""
    return {offer.id: offer for offer in _load_offers(session, _select_by_ids(ids).where(is_public()))}


def load_for_review(session: ReadSession, ids: Sequence[UUID]) -> dict[UUID, Opportunity]:
    """Load offers by id for staff, held and withdrawn ones included. Unknown ids are omitted."""
    return {offer.id: offer for offer in _load_offers(session, _select_by_ids(ids))}


def _select_by_ids(ids: Sequence[UUID]) -> OfferQuery:
    """The query for offers with these ids, whatever their standing."""
    return select_offers().where(OpportunityRow.id.in_(ids))


def _load_offers(session: ReadSession, query: OfferQuery) -> list[Opportunity]:
    """Run a query of `paging.select_offers` and build the offers."""
    return [to_opportunity(*row) for row in session.execute(query)]


def list_newest(
    session: ReadSession,
    *,
    kind: Kind | None = None,
    region: str | None = None,
    after: str | None = None,
    limit: int = 20,
) -> Page:
    """One page of the open offers, newest first. Raises BadInputError.

    `after` is the cursor of the page before (`Page.next`), None for the first page.
    """
    query = select_offers().where(is_listed(now()))
    if kind:
        query = query.where(OpportunityRow.kind == kind.value)
    if region:
        query = query.where(OpportunityRow.region == region)
    return fetch_newest_page(session, query, after, limit)


def count_offers(session: ReadSession) -> int:
    """How many offers everybody may see, open and closed."""
    return session.scalar(select(func.count()).select_from(OpportunityRow).where(is_public())) or 0


def list_after(session: ReadSession, last_id: UUID | None, limit: int) -> list[Opportunity]:
    """Up to `limit` offers, open and closed, in order of id after `last_id`: for reading all in batches."""
    query = select_offers().where(is_public(), *_is_after(last_id))
    return _load_offers(session, query.order_by(OpportunityRow.id).limit(limit))


def list_changes(session: ReadSession, last_id: UUID | None, limit: int) -> dict[UUID, datetime]:
    """When each offer last changed, by id, in batches like `list_after`.

    Held and withdrawn offers are included: a search index must learn which offers to remove. Whoever wants
    those changed since an instant picks them: a statement that looked for them could read the whole table.
    """
    query = select(OpportunityRow.id, OpportunityRow.changed_at).where(*_is_after(last_id))
    rows = session.execute(query.order_by(OpportunityRow.id).limit(limit))
    return {row.id: row.changed_at for row in rows}


def _is_after(last_id: UUID | None) -> list[ColumnElement[bool]]:
    """The condition that continues after an id; none for the first batch."""
    # Continuing after the last id, unlike OFFSET, misses no row when others come or go between two batches.
    return [OpportunityRow.id > last_id] if last_id else []
