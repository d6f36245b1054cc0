"""What somebody searches for: words, and conditions that offers must meet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from oim.features import places
from oim.features.occupations import Sector
from oim.features.opportunities.types import Contract, Kind
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

MAX_SEARCH_LENGTH = 200  # characters
MAX_DISTANCE_KM = 1000  # km: from one end of the country to the other
MAX_ISCED_LEVEL = 8  # of ISCED
MAX_AMOUNT_XAF = 1_000_000_000

_FieldError = tuple[str, str, dict[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A search. What is left out is no condition; several values of one field are alternatives.

    A condition on what only some offers have (contract, amount, cost) keeps those alone that state it. Raises
    BadInputError, with the field, for values that make no sense.
    """

    words: str = ""  # what it is about: who searches asks the matching engine first, see `search`
    kinds: tuple[Kind, ...] = ()
    region: str | None = None  # code of `places`
    near: str | None = None  # code of a place of any level
    within_km: int | None = None  # of the place `near`, or of its chief town; None: in that place
    sectors: tuple[Sector, ...] = ()
    education: int | None = None  # ISCED level of who searches: offers that ask for more are left out
    contracts: tuple[Contract, ...] = ()
    amount_min: int | None = None  # XAF: of pay a month, of an allowance a month, of a grant or a loan
    free_only: bool = False  # courses that cost nothing
    closing_before: date | None = None  # closed by the end of that day
    open_on: date | None = None  # still, or already, open on that day
    posted_since: date | None = None

    def __post_init__(self) -> None:
        fault = next(_find_errors(self), None)
        if fault:
            field, message, values = fault
            raise BadInputError(message, field=field, **values)


def _find_errors(search: Search) -> Iterator[_FieldError]:
    """What makes no sense, field by field, with the words for it."""
    if len(search.words) > MAX_SEARCH_LENGTH:
        yield "words", mark("This is too long: %(most)s characters at most."), {"most": MAX_SEARCH_LENGTH}
    region = places.get(search.region) if search.region is not None else None
    if search.region is not None and (region is None or region.level != "region"):
        yield "region", mark("Choose a region from the list."), {}
    if search.near is not None and places.get(search.near) is None:
        yield "near", mark("This place is not known: choose a town or a region."), {}
    if search.within_km is not None and search.near is None:
        yield "near", mark("Say from which place the distance counts."), {}
    yield from _find_out_of_range(search)


def _find_out_of_range(search: Search) -> Iterator[_FieldError]:
    bounds = (
        ("within_km", search.within_km, 1, MAX_DISTANCE_KM),
        ("education", search.education, 0, MAX_ISCED_LEVEL),
        ("amount_min", search.amount_min, 1, MAX_AMOUNT_XAF),
    )
    for field, value, least, most in bounds:
        if value is not None and not least <= value <= most:
            message = mark("Give a number from %(least)s to %(most)s.")
            yield field, message, {"least": least, "most": most}
