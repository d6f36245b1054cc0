"""The one table of staff's lists: described by its columns and filters, drawn by `staff/table.html`.

Sorting, filters and pages are parameters of a GET, so that a list can be shared as it is seen.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from oim.channels.web.form import Form, fill_form
from oim.channels.web.pages import PageContext
from oim.kit.db import MAX_PAGE, Listed, Listing
from oim.kit.errors import BadInputError
from oim.kit.i18n import Translator, format_number, mark

Options = Callable[[Translator], Sequence[tuple[str, str]]]  # the values of a filter, each with its text


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, by which it is sorted, and its label. What is sealed cannot be sorted."""

    name: str
    label: str
    is_sortable: bool = True


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter: its name, its label, and its options; words are typed where it has none."""

    name: str
    label: str
    options: Options | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A list of staff. The first column names the row; `order` is that of the list where nobody sorts it.

    `prefix` begins the names of its parameters where a page has several tables.
    """

    path: str  # below the language
    caption: str
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    order: str = ""
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """A button of a row: where its form is posted, its label, what it is about, and what it sends.

    `is_asked`: it leads to the page that asks to confirm it, and sends nothing.
    """

    path: str
    label: str
    about: str
    fields: tuple[tuple[str, str], ...] = ()
    is_asked: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text, where it leads (below the language), a second line, buttons."""

    text: str
    path: str = ""
    note: str = ""
    actions: tuple[Action, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: its label, the link that sorts by it, and how it is sorted now."""

    label: str
    url: str
    order: str  # of `aria-sort`


@dataclass(frozen=True, slots=True)
class TableView:
    """A table in words."""

    id: str
    caption: str
    count: str
    heads: list[Head]
    rows: list[list[Cell]]
    form: Form
    filters: list[tuple[str, str, Sequence[tuple[str, str]] | None]]  # field, label, options
    hidden: list[tuple[str, str]]
    action: str
    all_url: str  # without filters; empty where there are none
    pages: str
    previous: str
    next: str


def parse_listing(table: Table, page: PageContext) -> Listing:
    """Parse how a table is asked for. Raises BadInputError for a value that no link or form of ours has."""
    parameters = page.request.query_params
    sort = parameters.get(f"{table.prefix}sort") or table.order
    number = parameters.get(f"{table.prefix}page") or "1"
    sortable = {column.name for column in table.columns if column.is_sortable}
    if sort != table.order and sort.removeprefix("-") not in sortable:
        raise BadInputError(mark("This list cannot be sorted by that."), field="sort")
    if not (number.isascii() and number.isdigit() and len(number) < len(str(MAX_PAGE)) and int(number)):
        raise BadInputError(mark("There is no such page of this list."), field="page")
    # PostgreSQL refuses NUL in text.
    filters = {
        each.name: parameters.get(table.prefix + each.name, "").strip().replace("\0", "")
        for each in table.filters
    }
    for each in table.filters:
        value = filters[each.name]
        if value and each.options and value not in {option for option, _ in each.options(page.t)}:
            raise BadInputError(mark("Choose from the list."), field=each.name)
    return Listing(sort.removeprefix("-"), sort.startswith("-"), filters, int(number))


def build_table(
    table: Table, listing: Listing, listed: Listed[Any], rows: Iterable[Sequence[Cell]], page: PageContext
) -> TableView:
    """Build a table from its rows, with the links that sort it and lead to its other pages."""
    t, links = page.t, _Links(table, page)
    filters = {table.prefix + each.name: each for each in table.filters}
    number, total = (format_number(value, t.language) for value in (listed.page, listed.pages))
    return TableView(
        id=f"{table.prefix}list",
        caption=t(table.caption),
        count=t.plural("%(count)s line", "%(count)s lines", listed.total),
        heads=[_build_head(column, listing, links, t) for column in table.columns],
        rows=[list(row) for row in rows],
        form=fill_form({f"{table.prefix}{name}": value for name, value in listing.filters.items()}),
        filters=[
            (name, t(each.label), each.options(t) if each.options else None) for name, each in filters.items()
        ],
        # What else the address says stays when the filters change: the order, and the page's other table.
        hidden=[(name, value) for name, value in links.parameters.items() if name not in filters],
        action=links.build({}, without=set(links.parameters)),
        all_url=links.build({}, without=set(filters)) if any(listing.filters.values()) else "",
        pages=t("Page %(page)s of %(pages)s", page=number, pages=total) if listed.pages > 1 else "",
        previous=links.to_page(listed.page - 1) if listed.page > 1 else "",
        next=links.to_page(listed.page + 1) if listed.page < listed.pages else "",
    )


class _Links:
    """The links of a table: the address of the page with some parameters changed, from the first page on."""

    def __init__(self, table: Table, page: PageContext) -> None:
        self.prefix = table.prefix
        self.path = f"/{page.t.language}/{table.path}"
        items = page.request.query_params.items()
        self.parameters = {name: value for name, value in items if value and name != f"{table.prefix}page"}

    def build(self, changes: Mapping[str, str], without: Collection[str] = ()) -> str:
        """Build the address with some parameters changed and others left out."""
        rest = {name: value for name, value in self.parameters.items() if name not in without}
        # Without `+`, which a page to come back to may not hold.
        query = urlencode({**rest, **changes}, quote_via=quote)
        # To the table itself, where the page has several.
        return f"{self.path}{'?' if query else ''}{query}#{self.prefix}list"

    def to_page(self, number: int) -> str:
        """Build the address of another page of the list."""
        return self.build({f"{self.prefix}page": str(number)})


def _build_head(column: Column, listing: Listing, links: _Links, t: Translator) -> Head:
    """Build the head of a column. The link of the one that is sorted by turns its order round."""
    is_sorted = column.name == listing.sort
    order = ("descending" if listing.is_descending else "ascending") if is_sorted else ""
    sort = f"-{column.name}" if order == "ascending" else column.name
    url = links.build({f"{links.prefix}sort": sort}) if column.is_sortable else ""
    return Head(t(column.label), url, order)
