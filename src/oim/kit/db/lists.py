"""Lists that are sorted, filtered and shown page by page: what is asked for, and one page of the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, SQLColumnExpression, func, select

from oim.kit.db.session import ReadSession
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

ROWS_PER_PAGE = 50
MAX_PAGE = 10_000
Item = TypeVar("Item")
Other = TypeVar("Other")


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list is asked for: a key to sort by (empty: the list's own order), filters by name, a page."""

    sort: str = ""
    is_descending: bool = False
    filters: Mapping[str, str] = field(default_factory=dict)
    page: int = 1

    def filter(self, name: str) -> str:
        """The value of a filter; empty where all is asked for."""
        return self.filters.get(name, "")


@dataclass(frozen=True, slots=True)
class Listed(Generic[Item]):
    """The items of one page, how many there are on all pages, and which page of how many it is."""

    items: Sequence[Item]
    total: int
    page: int
    pages: int

    def with_items(self, items: Sequence[Other]) -> Listed[Other]:
        """The same page with items made of its rows."""
        return Listed(items, self.total, self.page, self.pages)


def fetch_list_page(
    session: ReadSession,
    query: Select[*tuple[Any, ...]],
    listing: Listing,
    sorts: Mapping[str, SQLColumnExpression[Any]],
    order: Sequence[SQLColumnExpression[Any]],
) -> Listed[Any]:
    """Fetch one page of a filtered query in two statements, however many rows there are.

    `sorts`: the expressions that may be sorted by; `order`: the list's own order, which decides among equals.
    A page past the last one is the last: rows may have gone since the link was made. Raises BadInputError.
    """
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    pages = max(1, -(-total // ROWS_PER_PAGE))
    page = min(max(1, listing.page), pages)
    ordered = query.order_by(*_find_order(listing, sorts), *order)
    rows = session.execute(ordered.limit(ROWS_PER_PAGE).offset((page - 1) * ROWS_PER_PAGE)).all()
    return Listed(rows, total, page, pages)


def _find_order(
    listing: Listing, sorts: Mapping[str, SQLColumnExpression[Any]]
) -> Sequence[SQLColumnExpression[Any]]:
    """The expression that is sorted by, what has no value last in both directions."""
    if not listing.sort:
        return ()
    if listing.sort not in sorts:
        raise BadInputError(mark("This list cannot be sorted by that."), field="sort")
    column = sorts[listing.sort]
    return ((column.desc() if listing.is_descending else column.asc()).nulls_last(),)
