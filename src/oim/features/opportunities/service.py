"""Reading offers: one, several by id, or the open ones page by page.

Those held or withdrawn are as good as absent, for all but staff.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from oim.features.opportunities.models import OpportunityRow
from oim.features.opportunities.paging import Page, Rows, newest_first, selection, shown
from oim.features.opportunities.rows import opportunity
from oim.features.opportunities.standing import NOT_HERE, public
from oim.features.opportunities.types import Kind, Opportunity
from oim.kit.clock import now
from oim.kit.db import ReadSession
from oim.kit.errors import NotFoundError


def get(session: ReadSession, id_: UUID) -> Opportunity:
    """One offer, open or not. Raises NotFoundError."""
    found = get_many(session, [id_])
    if id_ not in found:
        raise NotFoundError(NOT_HERE)
    return found[id_]


def get_many(session: ReadSession, ids: Sequence[UUID]) -> dict[UUID, Opportunity]:
    """Offers by id; unknown ids are left out."""
    return {offer.id: offer for offer in _read(session, _of(ids).where(public()))}


def for_review(session: ReadSession, ids: Sequence[UUID]) -> dict[UUID, Opportunity]:
    """Offers by id for staff, those held or withdrawn too; unknown ids are left out."""
    return {offer.id: offer for offer in _read(session, _of(ids))}


def _of(ids: Sequence[UUID]) -> Rows:
    return selection().where(OpportunityRow.id.in_(ids))


def _read(session: ReadSession, rows: Rows) -> list[Opportunity]:
    return [opportunity(*row) for row in session.execute(rows)]


def newest(
    session: ReadSession,
    *,
    kind: Kind | None = None,
    region: str | None = None,
    after: str | None = None,
    limit: int = 20,
) -> Page:
    """The open offers, newest first, after a cursor that an earlier page gave. Raises BadInputError."""
    query = selection().where(shown(now()))
    if kind:
        query = query.where(OpportunityRow.kind == kind.value)
    if region:
        query = query.where(OpportunityRow.region == region)
    return newest_first(session, query, after, limit)


def count(session: ReadSession) -> int:
    """How many offers there are, open or not."""
    return session.scalar(select(func.count()).select_from(OpportunityRow).where(public())) or 0


def following(session: ReadSession, last: UUID | None, limit: int) -> list[Opportunity]:
    """Up to `limit` offers, open or not, by id, after `last`: for reading all in steps."""
    query = selection().where(public(), *_after(last))
    return _read(session, query.order_by(OpportunityRow.id).limit(limit))


def following_changes(
    session: ReadSession, last: UUID | None, limit: int, since: datetime | None
) -> Sequence[UUID]:
    """The ids of those changed since an instant, or of all, in the same steps.

    Those held or withdrawn are among them: an index must hear of what it has to take out.
    """
    query = select(OpportunityRow.id).where(*_after(last))
    if since:
        query = query.where(OpportunityRow.changed_at >= since)
    return session.scalars(query.order_by(OpportunityRow.id).limit(limit)).all()


def _after(last: UUID | None) -> list[ColumnElement[bool]]:
    return [OpportunityRow.id > last] if last else []
