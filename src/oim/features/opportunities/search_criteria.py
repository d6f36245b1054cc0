"""The criteria of a search for offers: words, and conditions that offers must meet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from oim.features import places
from oim.features.occupations import Sector
from oim.features.opportunities.types import Contract, Kind
from oim.kit.errors import BadInputError
from oim.kit.fields import TOO_LONG
from oim.kit.i18n import Language, mark

MAX_SEARCH_LENGTH = 200  # characters
MAX_DISTANCE_KM = 1000  # about from one end of Cameroon to the other
MAX_ISCED_LEVEL = 8  # doctoral level in ISCED 2011
MAX_AMOUNT_XAF = 1_000_000_000

# The field at fault, the message, and the values that fill the message.
_FieldError = tuple[str, str, dict[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """The criteria of a search. An empty field is no condition; several values of one field are alternatives.

    A condition on what only some offers have (contract, amount, cost) drops the offers that do not state it.
    Creating one raises BadInputError, with the name of the field, for values that make no sense.
    """

    words: str = ""  # matched by the matching engine, which gives the `ids` of `search.search_offers`
    kinds: tuple[Kind, ...] = ()
    region: str | None = None  # code of `places`
    near: str | None = None  # code of a place of any level
    within_km: int | None = None  # distance from `near`, or from its chief town; None: inside that place
    sectors: tuple[Sector, ...] = ()
    education: int | None = None  # ISCED level of the person: offers that require a higher one are dropped
    contracts: tuple[Contract, ...] = ()
    amount_min: int | None = None  # XAF: monthly pay, monthly allowance, or a grant or loan as a whole
    free_only: bool = False  # courses that cost nothing
    closing_before: date | None = None  # has a deadline, at the end of that day at the latest
    open_on: date | None = None  # accepts applications on that day
    posted_since: date | None = None
    language: Language | None = None  # that it is written in
    answerable_only: bool = False  # gives a way to answer, or is answered here

    def __post_init__(self) -> None:
        """Refuse values that make no sense, with the first error."""
        error = next(_find_errors(self), None)
        if error:
            field, message, values = error
            raise BadInputError(message, field=field, **values)


class Sort(StrEnum):
    """What decides the order of the offers found, where it is not how well they match the words."""

    NEWEST = "newest"
    CLOSING = "closing"  # those that close first; those without a last day come last
    NEAREST = "nearest"  # needs a place; offers without coordinates come last


@dataclass(frozen=True, slots=True)
class Order:
    """The order of the offers found. Without a sort, best match first if there are words, else the newest.

    `place` is the code of the place from which the nearest are nearest. Raises BadInputError without it.
    """

    sort: Sort | None = None
    place: str | None = None

    def __post_init__(self) -> None:
        """Refuse an order that makes no sense."""
        if self.sort is Sort.NEAREST and (self.place is None or places.get(self.place) is None):
            raise BadInputError(mark("Say from which place the distance counts."), field="near")


def _find_errors(search: Search) -> Iterator[_FieldError]:
    """Yield what makes no sense in a search, field by field."""
    if len(search.words) > MAX_SEARCH_LENGTH:
        over = len(search.words) - MAX_SEARCH_LENGTH
        yield "words", TOO_LONG, {"most": MAX_SEARCH_LENGTH, "over": over}
    # `near` may be any place, but `region` must be a region: "CM-OU-03" is a department and refused.
    region = places.get(search.region) if search.region is not None else None
    if search.region is not None and (region is None or region.level != "region"):
        yield "region", mark("Choose a region from the list."), {}
    if search.near is not None and places.get(search.near) is None:
        yield "near", mark("This place is not known: choose a town or a region."), {}
    if search.within_km is not None and search.near is None:
        yield "near", mark("Say from which place the distance counts."), {}
    yield from _find_out_of_range(search)


def _find_out_of_range(search: Search) -> Iterator[_FieldError]:
    """Yield the numbers that lie outside their range."""
    bounds = (
        ("within_km", search.within_km, 1, MAX_DISTANCE_KM),
        ("education", search.education, 0, MAX_ISCED_LEVEL),
        ("amount_min", search.amount_min, 1, MAX_AMOUNT_XAF),
    )
    for field, value, least, most in bounds:
        if value is not None and not least <= value <= most:
            message = mark("Give a number from %(least)s to %(most)s.")
            yield field, message, {"least": least, "most": most}
