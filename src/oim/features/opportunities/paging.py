"""Pages of offers: which are shown, in what order, and the cursor after which the next page begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Uuid, and_, func, literal, or_, select, tuple_

from oim.features.opportunities.models import OpportunityRow, OrganisationRow, SourceRow
from oim.features.opportunities.rows import to_opportunity
from oim.features.opportunities.standing import TRUST_LEVEL, is_public
from oim.features.opportunities.types import Opportunity
from oim.kit.clock import now
from oim.kit.db import ReadSession
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

OfferQuery = Select[OpportunityRow, str | None, str]


@dataclass(frozen=True, slots=True)
class Page:
    """Offers in their order, and the cursor of the next page where there is one."""

    items: tuple[Opportunity, ...]
    next: str | None


def select_offers() -> OfferQuery:
    """Every offer, with the name of its organisation and its level of trust."""
    return (
        select(OpportunityRow, OrganisationRow.name, TRUST_LEVEL)
        .join(SourceRow, SourceRow.slug == OpportunityRow.source)
        .outerjoin(OrganisationRow, OrganisationRow.id == OpportunityRow.organisation_id)
    )


def is_listed(at: datetime) -> ColumnElement[bool]:
    """Whether an offer is shown, at an instant, to people who look for one: it must be open and public."""
    ends = OpportunityRow.valid_through
    return and_(is_public(), or_(ends.is_(None), ends >= at))


def fetch_newest_page(session: ReadSession, query: OfferQuery, after: str | None, limit: int) -> Page:
    """A page by falling date of publication, after a cursor. Raises BadInputError."""
    if after:
        query = query.where(tuple_(OpportunityRow.published_at, OpportunityRow.id) < _parse_cursor(after))
    order = (OpportunityRow.published_at.desc(), OpportunityRow.id.desc())
    rows = session.execute(query.order_by(*order).limit(limit + 1)).all()
    last = rows[limit - 1][0] if len(rows) > limit else None
    cursor = f"{last.published_at.timestamp():.6f}~{last.id}" if last else None
    return Page(tuple(to_opportunity(*row) for row in rows[:limit]), cursor)


def fetch_page_of_ids(
    session: ReadSession, query: OfferQuery, ids: Sequence[UUID], after: str | None, limit: int
) -> Page:
    """A page of the offers with these ids, in the order of the ids, after a cursor. Raises BadInputError."""
    start = _parse_offset(after) if after else 0
    place = func.array_position(literal(list(ids), ARRAY(Uuid)), OpportunityRow.id)
    found = query.where(OpportunityRow.id.in_(ids)).order_by(place)
    rows = session.execute(found.offset(start).limit(limit + 1)).all()
    cursor = str(start + limit) if len(rows) > limit else None
    return Page(tuple(to_opportunity(*row) for row in rows[:limit]), cursor)


def _parse_cursor(cursor: str) -> tuple[datetime, UUID]:
    seconds, _, id_ = cursor.partition("~")
    try:
        return datetime.fromtimestamp(float(seconds), now().tzinfo), UUID(id_)
    except (ValueError, OverflowError, OSError):
        raise _invalid_cursor() from None


def _parse_offset(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise _invalid_cursor()
    return int(cursor)


def _invalid_cursor() -> BadInputError:
    return BadInputError(
        mark("The page asked for is not one that was given: start again from the first."), field="after"
    )
