"""Reading offers: one, several by id, or the open ones page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select, tuple_

from oim.features.opportunities.models import OpportunityRow, OrganisationRow
from oim.features.opportunities.rows import opportunity
from oim.features.opportunities.types import Kind, Opportunity
from oim.kit.clock import now
from oim.kit.db import ReadSession
from oim.kit.errors import BadInputError, NotFoundError
from oim.kit.i18n import mark


@dataclass(frozen=True, slots=True)
class Page:
    """Offers, newest first, and the cursor of the next page where there is one."""

    items: tuple[Opportunity, ...]
    next: str | None


def _selection() -> Select[OpportunityRow, str | None]:
    return select(OpportunityRow, OrganisationRow.name).outerjoin(
        OrganisationRow, OrganisationRow.id == OpportunityRow.organisation_id
    )


def get(session: ReadSession, id_: UUID) -> Opportunity:
    """One offer, open or not. Raises NotFoundError."""
    found = get_many(session, [id_])
    if id_ not in found:
        raise NotFoundError(mark("This offer does not exist, or is no longer here."))
    return found[id_]


def get_many(session: ReadSession, ids: Sequence[UUID]) -> dict[UUID, Opportunity]:
    """Offers by id; unknown ids are left out."""
    rows = session.execute(_selection().where(OpportunityRow.id.in_(ids)))
    return {row.id: opportunity(row, organisation) for row, organisation in rows}


def newest(
    session: ReadSession,
    *,
    kind: Kind | None = None,
    region: str | None = None,
    after: str | None = None,
    limit: int = 20,
) -> Page:
    """The open offers, newest first, after a cursor that an earlier page gave. Raises BadInputError."""
    query = _selection().where(
        or_(OpportunityRow.valid_through.is_(None), OpportunityRow.valid_through >= now())
    )
    if kind:
        query = query.where(OpportunityRow.kind == kind.value)
    if region:
        query = query.where(OpportunityRow.region == region)
    if after:
        query = query.where(tuple_(OpportunityRow.published_at, OpportunityRow.id) < _position(after))
    order = (OpportunityRow.published_at.desc(), OpportunityRow.id.desc())
    rows = session.execute(query.order_by(*order).limit(limit + 1)).all()
    items = tuple(opportunity(row, organisation) for row, organisation in rows[:limit])
    last = rows[limit - 1][0] if len(rows) > limit else None
    return Page(items, f"{last.published_at.timestamp():.6f}~{last.id}" if last else None)


def _position(cursor: str) -> tuple[datetime, UUID]:
    seconds, _, id_ = cursor.partition("~")
    try:
        return datetime.fromtimestamp(float(seconds), now().tzinfo), UUID(id_)
    except (ValueError, OverflowError, OSError):
        raise BadInputError(
            mark("The page asked for is not one that was given: start again from the first."), field="after"
        ) from None


def count(session: ReadSession) -> int:
    """How many offers are held, open or not."""
    return session.scalar(select(func.count()).select_from(OpportunityRow)) or 0


def following(
    session: ReadSession, last: UUID | None, limit: int, *, changed_since: datetime | None = None
) -> list[Opportunity]:
    """Up to `limit` offers, open or not, by id, after `last`: for reading all in steps."""
    query = _selection().order_by(OpportunityRow.id).limit(limit)
    if last:
        query = query.where(OpportunityRow.id > last)
    if changed_since:
        query = query.where(OpportunityRow.changed_at >= changed_since)
    return [opportunity(row, organisation) for row, organisation in session.execute(query)]
