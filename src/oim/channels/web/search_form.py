"""The search of the listing as its form and its address hold it: read, and written back."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from oim.channels.web import parsers
from oim.channels.web.form import WHOLE, Form, Typed, first
from oim.features import places
from oim.features.occupations import Sector
from oim.features.opportunities import MAX_AMOUNT_XAF, MAX_DISTANCE_KM, MAX_SEARCH_LENGTH, Contract, Search
from oim.kit.clock import CAMEROON, now
from oim.kit.errors import BadInputError
from oim.kit.i18n import Language, Translator, mark

SEEN = ("words", "kind", "region")  # fields that are not folded away
FOLDED = (
    "town",
    "within",
    "sector",
    "education",
    "contract",
    "amount",
    "free",
    "closing",
    "open",
    "posted",
)
IN_REGION = "region"  # in place of a number of kilometres
LONGEST_TOWN = 100  # characters
MOST_DAYS = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought(Form):
    """The form, and what it asks for; no condition at all where something in it is wrong."""

    wanted: Search

    @property
    def more(self) -> int:
        """How many of the fields that are folded away are filled in."""
        return sum(1 for name in FOLDED if name in self.typed)

    def pairs(self) -> list[tuple[str, str]]:
        """Each field with each of its values."""
        return [(name, value) for name, values in self.typed.items() for value in values]

    def query(self, leaving_out: Collection[str] = (), **others: str) -> str:
        """What stands after a path to ask for the same, but for some fields."""
        kept = [(name, value) for name, value in self.pairs() if name not in leaving_out]
        said = urlencode([*kept, *others.items()], quote_via=quote)
        return f"?{said}" if said else ""


def read(fields: Typed, t: Translator) -> Sought:
    """What is sought by fields that were sent; others are left alone."""
    typed = _told({name: [value.strip() for value in fields.get(name, ())] for name in (*SEEN, *FOLDED)})
    asked: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for parse in _PARSERS:
        try:
            asked |= parse(typed)
        except BadInputError as error:
            errors[error.field or WHOLE] = t(error.message, **error.values)
    return Sought(typed=typed, errors=errors, wanted=Search() if errors else Search(**asked))


def written(wanted: Search, language: Language) -> Sought:
    """A search as its form holds it."""
    within = None if wanted.near is None else wanted.within_km
    days = {"closing": wanted.closing_before, "open": wanted.open_on, "posted": wanted.posted_since}
    given: dict[str, list[object]] = {
        "words": [wanted.words],
        "kind": [kind.value for kind in wanted.kinds],
        "region": [wanted.region],
        "town": [wanted.near and _called(wanted.near, language)],
        "within": [within],
        "sector": [sector.value for sector in wanted.sectors],
        "education": [wanted.education],
        "contract": [contract.value for contract in wanted.contracts],
        "amount": [wanted.amount_min],
        "free": ["yes" if wanted.free_only else None],
        **{name: [day and day.isoformat()] for name, day in days.items()},
    }
    typed = {name: [str(value) for value in values if value is not None] for name, values in given.items()}
    return Sought(typed=_told(typed), wanted=wanted)


def _told(typed: Typed) -> dict[str, list[str]]:
    """The fields that are filled in."""
    told = {name: [value for value in values if value] for name, values in typed.items()}
    return {name: values for name, values in told.items() if values}


def _called(code: str, language: Language) -> str:
    """The name of a place that is read as the same place."""
    place = places.get(code)
    return places.city_name(code) or (place.name(language) if place else code)


def _words(typed: Typed) -> dict[str, Any]:
    words = first(typed, "words")
    if len(words) > MAX_SEARCH_LENGTH:
        raise BadInputError(
            mark("This is too long: %(most)s characters at most."), field="words", most=MAX_SEARCH_LENGTH
        )
    return {"words": words}


def _region(typed: Typed) -> dict[str, Any]:
    region = first(typed, "region")
    if region and places.get(region) not in places.regions():
        raise BadInputError(mark("Choose a region of the list."), field="region")
    return {"region": region or None}


def _near(typed: Typed) -> dict[str, Any]:
    """The town, and how far around it; the region that is asked for tells homonyms apart."""
    town, within = first(typed, "town")[:LONGEST_TOWN], first(typed, "within")
    if not town:
        if within:
            raise BadInputError(mark("Say from which place the distance counts."), field="town")
        return {}
    place = places.resolve(first(typed, "region"), town) if places.resolve(None, town) else None
    if place is None:
        raise BadInputError(
            mark("We do not know this place. Give the nearest town, or only your region."), field="town"
        )
    if within == IN_REGION:
        return {"near": places.lineage(place.code)[0].code}
    message = mark("Choose from the list.")
    return {"near": place.code, "within_km": parsers.number(typed, "within", 1, MAX_DISTANCE_KM, message)}


def _amount(typed: Typed) -> dict[str, Any]:
    message = mark("Give the amount in figures, such as 50000.")
    return {"amount_min": parsers.number(typed, "amount", 1, MAX_AMOUNT_XAF, message)}


def _posted(typed: Typed) -> dict[str, Any]:
    """Within so many days, or since a day."""
    said = first(typed, "posted")
    if said.isdecimal() and len(said) <= len(str(MOST_DAYS)):
        return {"posted_since": now().astimezone(CAMEROON).date() - timedelta(days=int(said))}
    return {"posted_since": _day(typed, "posted")}


def _day(typed: Typed, name: str) -> date | None:
    said = first(typed, name)
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            day = datetime.strptime(said, form).replace(tzinfo=CAMEROON).date()
        except ValueError:
            continue
        if 1900 <= day.year <= 2100:
            return day
    if said:
        raise BadInputError(mark("Give the day as in 31/12/2026."), field=name)
    return None


_PARSERS: tuple[Callable[[Typed], dict[str, Any]], ...] = (
    _words,
    parsers.kinds,
    _region,
    _near,
    lambda typed: {"sectors": parsers.chosen(typed, "sector", Sector)},
    parsers.education,
    lambda typed: {"contracts": parsers.chosen(typed, "contract", Contract)},
    _amount,
    lambda typed: {"free_only": bool(typed.get("free"))},
    lambda typed: {"closing_before": _day(typed, "closing")},
    lambda typed: {"open_on": _day(typed, "open")},
    _posted,
)
