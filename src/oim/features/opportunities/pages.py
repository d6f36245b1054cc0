"""Pages of offers: which offers are listed, in what order, and the cursor where the next page begins.

There are two cursors, both opaque to callers: the position of the last offer in the order by date, and the
number of offers already shown in a list of ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Uuid,
    and_,
    column,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import JSONB

from oim.features.opportunities.models import OpportunityRow, OrganisationRow, SourceRow
from oim.features.opportunities.rows import to_opportunity
from oim.features.opportunities.standing import TRUST_LEVEL, is_public
from oim.features.opportunities.types import Opportunity
from oim.features.opportunities.ways import CLEAR_PAGE, WayKind
from oim.features.staff import select_receiving_organisations
from oim.kit.clock import now
from oim.kit.db import Listed, Listing, ReadSession, fetch_list_page
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

# Rows of a query for offers: the row, its organisation's name, its trust level, whether it is answered here.
_NO_WAY = "~0"  # ends the cursor of an offer that cannot be answered
OfferQuery = Select[OpportunityRow, str | None, str, bool]


@dataclass(frozen=True, slots=True)
class Page:
    """The offers of one page in order, and the cursor of the next page (None on the last page)."""

    items: tuple[Opportunity, ...]
    next: str | None


def select_offers() -> OfferQuery:
    """The query for all offers, with what else `rows.to_opportunity` needs of each."""
    return (
        select(OpportunityRow, OrganisationRow.name, TRUST_LEVEL, is_answered_here())
        .join(SourceRow, SourceRow.slug == OpportunityRow.source)
        .outerjoin(OrganisationRow, OrganisationRow.id == OpportunityRow.organisation_id)
    )


def is_answered_here() -> ColumnElement[bool]:
    """The SQL condition that the publisher of an offer receives applications on OIM. Never NULL."""
    return func.coalesce(OpportunityRow.organisation_id.in_(select_receiving_organisations()), false())


def can_be_answered() -> ColumnElement[bool]:
    """The SQL condition that an offer gives a way to answer it, or is answered here. Never NULL.

    It is that of `Opportunity.ways`: of a page its address must say where it leads.
    """
    ways = func.jsonb_array_elements(OpportunityRow.apply).table_valued(column("value", JSONB))
    way = ways.c.value
    is_way = or_(way["kind"].astext != WayKind.LINK.value, _is_clear(way["value"].astext))
    gives_way = select(literal(1)).select_from(ways).where(is_way).exists()
    return or_(_is_clear(OpportunityRow.url.expression), gives_way, is_answered_here())


def _is_clear(url: ColumnElement[Any]) -> ColumnElement[bool]:
    """`is_clear_page` as SQL. Never NULL."""
    normal = func.normalize(url, literal_column("NFKC"))
    return func.coalesce(normal.regexp_match(CLEAR_PAGE, flags="i"), false())


def is_listed(at: datetime) -> ColumnElement[bool]:
    """The SQL condition that an offer is listed at an instant: it is open and everybody may see it."""
    ends = OpportunityRow.valid_through
    return and_(is_public(), or_(ends.is_(None), ends >= at))


def fetch_newest_page(session: ReadSession, query: OfferQuery, after: str | None, limit: int) -> Page:
    """One page of a query, newest publication first, after a cursor. Raises BadInputError."""
    # Of the offers of one instant (sources give days) those that can be answered come first, then ids decide.
    keys = OpportunityRow.published_at, can_be_answered(), OpportunityRow.id
    if after:
        query = query.where(tuple_(*keys) < _parse_cursor(after))
    order = [key.desc() for key in keys]
    # One row more than the page needs reveals whether there is a next page.
    rows = session.execute(query.order_by(*order).limit(limit + 1)).all()
    offers = tuple(to_opportunity(*row) for row in rows[:limit])
    if len(rows) <= limit:
        return Page(offers, None)
    last = rows[limit - 1][0]
    # Six decimals: PostgreSQL stores microseconds, and fewer would skip or repeat offers.
    cursor = f"{last.published_at.timestamp():.6f}~{last.id}" + ("" if offers[-1].ways else _NO_WAY)
    return Page(offers, cursor)


def fetch_sorted_page(
    session: ReadSession, query: OfferQuery, key: ColumnElement[float], after: str | None, limit: int
) -> Page:
    """One page of a query, least key first, after a cursor. Raises BadInputError."""
    keys = key, OpportunityRow.id
    if after:
        query = query.where(tuple_(*keys) > _parse_key_cursor(after))
    rows = session.execute(query.add_columns(key).order_by(*keys).limit(limit + 1)).all()
    offers = tuple(to_opportunity(*row[:-1]) for row in rows[:limit])
    # `repr` writes as many digits as the same number needs when it is read again.
    cursor = f"{rows[limit - 1][-1]!r}~{offers[-1].id}" if len(rows) > limit else None
    return Page(offers, cursor)


def fetch_page_of_ids(
    session: ReadSession, query: OfferQuery, ids: Sequence[UUID], after: str | None, limit: int
) -> Page:
    """One page of the offers with these ids, in their order, after a cursor. Raises BadInputError."""
    start = _parse_offset(after) if after else 0
    # array_position gives the index of the offer's id in `ids`: the rank that the engine gave it.
    rank = func.array_position(literal(list(ids), ARRAY(Uuid)), OpportunityRow.id)
    ranked = query.where(OpportunityRow.id.in_(ids)).order_by(rank)
    rows = session.execute(ranked.offset(start).limit(limit + 1)).all()
    cursor = str(start + limit) if len(rows) > limit else None
    return Page(tuple(to_opportunity(*row) for row in rows[:limit]), cursor)


def fetch_review_page(
    session: ReadSession, ids: Sequence[UUID], oldest_first: Sequence[UUID], listing: Listing
) -> Listed[UUID]:
    """One page of the ids of offers under review, in their order, or sorted and filtered.

    Filters: `words` of the title, `kind`, `state` (held, shown). Raises BadInputError.
    """
    query = select(OpportunityRow.id).where(OpportunityRow.id.in_(ids))
    if words := listing.filter("words"):
        query = query.where(OpportunityRow.title.icontains(words, autoescape=True))
    if kind := listing.filter("kind"):
        query = query.where(OpportunityRow.kind == kind)
    if state := listing.filter("state"):
        query = query.where(OpportunityRow.held_at.is_(None) == (state == "shown"))
    sorts = {
        "title": func.lower(OpportunityRow.title),
        "source": OpportunityRow.source,
        "since": _rank(oldest_first),
    }
    listed = fetch_list_page(session, query, listing, sorts, [_rank(ids)])
    return listed.with_items([id_ for (id_,) in listed.items])


def _rank(ids: Sequence[UUID]) -> ColumnElement[int | None]:
    """The place of an offer's id among `ids`, as SQL."""
    return func.array_position(literal(list(ids), ARRAY(Uuid)), OpportunityRow.id)


def _parse_cursor(cursor: str) -> tuple[datetime, bool, UUID]:
    """The instant, answerability and id in a cursor: "1764000000.000000~5f0c…". Raises BadInputError."""
    seconds, _, id_ = cursor.removesuffix(_NO_WAY).partition("~")
    try:
        return datetime.fromtimestamp(float(seconds), now().tzinfo), not cursor.endswith(_NO_WAY), UUID(id_)
    # OverflowError and OSError: a number of seconds that no calendar of the platform has.
    except (ValueError, OverflowError, OSError):
        raise _invalid_cursor() from None


def _parse_key_cursor(cursor: str) -> tuple[float, UUID]:
    """The sort key and id in a cursor: "12.5~5f0c…". Raises BadInputError."""
    key, _, id_ = cursor.partition("~")
    try:
        return float(key), UUID(id_)
    except ValueError:
        raise _invalid_cursor() from None


def _parse_offset(cursor: str) -> int:
    """The number of offers to skip, from a cursor of digits. Raises BadInputError."""
    # isdigit alone lets "²" pass, which int() refuses; nine digits stay within a 32-bit integer.
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise _invalid_cursor()
    return int(cursor)


def _invalid_cursor() -> BadInputError:
    """The error for a cursor that no page gave."""
    return BadInputError(
        mark("There is no such page of this list: start again from the first."), field="after"
    )
