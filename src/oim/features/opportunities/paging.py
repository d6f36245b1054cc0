"""Pages of offers: which are shown, in what order, and the cursor after which the next page begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Uuid, and_, func, literal, or_, select, tuple_

from oim.features.opportunities.models import OpportunityRow, OrganisationRow, SourceRow
from oim.features.opportunities.rows import opportunity
from oim.features.opportunities.standing import LEVEL, public
from oim.features.opportunities.types import Opportunity
from oim.kit.clock import now
from oim.kit.db import ReadSession
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

Rows = Select[OpportunityRow, str | None, str]


@dataclass(frozen=True, slots=True)
class Page:
    """Offers in their order, and the cursor of the next page where there is one."""

    items: tuple[Opportunity, ...]
    next: str | None


def selection() -> Rows:
    """Every offer, with the name of its organisation and its level of trust."""
    return (
        select(OpportunityRow, OrganisationRow.name, LEVEL)
        .join(SourceRow, SourceRow.slug == OpportunityRow.source)
        .outerjoin(OrganisationRow, OrganisationRow.id == OpportunityRow.organisation_id)
    )


def shown(at: datetime) -> ColumnElement[bool]:
    """Whether an offer is shown, at an instant, to people who look for one: it must be open and public."""
    ends = OpportunityRow.valid_through
    return and_(public(), or_(ends.is_(None), ends >= at))


def newest_first(session: ReadSession, query: Rows, after: str | None, limit: int) -> Page:
    """A page by falling date of publication, after a cursor. Raises BadInputError."""
    if after:
        query = query.where(tuple_(OpportunityRow.published_at, OpportunityRow.id) < _position(after))
    order = (OpportunityRow.published_at.desc(), OpportunityRow.id.desc())
    rows = session.execute(query.order_by(*order).limit(limit + 1)).all()
    last = rows[limit - 1][0] if len(rows) > limit else None
    cursor = f"{last.published_at.timestamp():.6f}~{last.id}" if last else None
    return Page(tuple(opportunity(*row) for row in rows[:limit]), cursor)


def in_order(session: ReadSession, query: Rows, ids: Sequence[UUID], after: str | None, limit: int) -> Page:
    """A page of the offers with these ids, in the order of the ids, after a cursor. Raises BadInputError."""
    start = _offset(after) if after else 0
    place = func.array_position(literal(list(ids), ARRAY(Uuid)), OpportunityRow.id)
    found = query.where(OpportunityRow.id.in_(ids)).order_by(place)
    rows = session.execute(found.offset(start).limit(limit + 1)).all()
    cursor = str(start + limit) if len(rows) > limit else None
    return Page(tuple(opportunity(*row) for row in rows[:limit]), cursor)


def _position(cursor: str) -> tuple[datetime, UUID]:
    seconds, _, id_ = cursor.partition("~")
    try:
        return datetime.fromtimestamp(float(seconds), now().tzinfo), UUID(id_)
    except (ValueError, OverflowError, OSError):
        raise _never_given() from None


def _offset(cursor: str) -> int:
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise _never_given()
    return int(cursor)


def _never_given() -> BadInputError:
    return BadInputError(
        mark("The page asked for is not one that was given: start again from the first."), field="after"
    )
