"""Reading offers: one, several by id, or the open ones page by page.

Those held or withdrawn are as good as absent, for all but staff.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from oim.features.opportunities.models import OpportunityRow
from oim.features.opportunities.paging import OfferQuery, Page, fetch_newest_page, is_listed, select_offers
from oim.features.opportunities.rows import to_opportunity
from oim.features.opportunities.standing import OFFER_NOT_FOUND, is_public
from oim.features.opportunities.types import Kind, Opportunity
from oim.kit.clock import now
from oim.kit.db import ReadSession
from oim.kit.errors import NotFoundError

_STATES_CONDITION: Mapping[str, ColumnElement[bool]] = {
    "age": or_(OpportunityRow.eligibility.has_key("age_min"), OpportunityRow.eligibility.has_key("age_max")),
    "gender": OpportunityRow.eligibility.has_key("gender"),
    "status": OpportunityRow.eligibility.has_key("statuses"),
    "region": OpportunityRow.eligibility.has_key("regions"),
    "education": OpportunityRow.eligibility.has_key("education_min"),
    "membership": OpportunityRow.eligibility.has_key("membership"),
    "documents": OpportunityRow.eligibility.has_key("documents"),
    "contribution": OpportunityRow.details.has_key("own_contribution"),
}


def get(session: ReadSession, id_: UUID) -> Opportunity:
    """One offer, open or not. Raises NotFoundError."""
    found = get_many(session, [id_])
    if id_ not in found:
        raise NotFoundError(OFFER_NOT_FOUND)
    return found[id_]


def get_many(session: ReadSession, ids: Sequence[UUID]) -> dict[UUID, Opportunity]:
    """Offers by id; unknown ids are left out."""
    return {offer.id: offer for offer in _load_offers(session, _select_by_ids(ids).where(is_public()))}


def load_for_review(session: ReadSession, ids: Sequence[UUID]) -> dict[UUID, Opportunity]:
    """Offers by id for staff, those held or withdrawn too; unknown ids are left out."""
    return {offer.id: offer for offer in _load_offers(session, _select_by_ids(ids))}


def _select_by_ids(ids: Sequence[UUID]) -> OfferQuery:
    return select_offers().where(OpportunityRow.id.in_(ids))


def _load_offers(session: ReadSession, query: OfferQuery) -> list[Opportunity]:
    return [to_opportunity(*row) for row in session.execute(query)]


def list_newest(
    session: ReadSession,
    *,
    kind: Kind | None = None,
    region: str | None = None,
    after: str | None = None,
    limit: int = 20,
) -> Page:
    """The open offers, newest first, after a cursor that an earlier page gave. Raises BadInputError."""
    query = select_offers().where(is_listed(now()))
    if kind:
        query = query.where(OpportunityRow.kind == kind.value)
    if region:
        query = query.where(OpportunityRow.region == region)
    return fetch_newest_page(session, query, after, limit)


def count_offers(session: ReadSession) -> int:
    """How many offers there are, open or not."""
    return session.scalar(select(func.count()).select_from(OpportunityRow).where(is_public())) or 0


def list_after(session: ReadSession, last_id: UUID | None, limit: int) -> list[Opportunity]:
    """Up to `limit` offers, open or not, by id, after `last`: for reading all in steps."""
    query = select_offers().where(is_public(), *_is_after(last_id))
    return _load_offers(session, query.order_by(OpportunityRow.id).limit(limit))


def list_changed_ids(
    session: ReadSession, last_id: UUID | None, limit: int, changed_since: datetime | None
) -> Sequence[UUID]:
    """The ids of those changed since an instant, or of all, in the same steps.

    Those held or withdrawn are among them: an index must hear of what it has to take out.
    """
    query = select(OpportunityRow.id).where(*_is_after(last_id))
    if changed_since:
        query = query.where(OpportunityRow.changed_at >= changed_since)
    return session.scalars(query.order_by(OpportunityRow.id).limit(limit)).all()


def _is_after(last_id: UUID | None) -> list[ColumnElement[bool]]:
    return [OpportunityRow.id > last_id] if last_id else []


def count_by_condition(session: ReadSession) -> dict[str, int]:
    """Of each condition that offers may state, the number of open offers that state it."""
    counts = [func.count().filter(asked).label(name) for name, asked in _STATES_CONDITION.items()]
    return dict(session.execute(select(*counts).where(is_listed(now()))).one()._mapping)
