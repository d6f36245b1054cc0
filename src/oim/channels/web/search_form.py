"""The search of the listing as its form and its address hold it: read, and written back."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from oim.channels.web.form import WHOLE_FORM, Form
from oim.features import places, profile
from oim.features.occupations import Sector
from oim.features.opportunities import MAX_AMOUNT_XAF, MAX_DISTANCE_KM, MAX_SEARCH_LENGTH, Contract, Search
from oim.kit.clock import CAMEROON, now
from oim.kit.errors import BadInputError
from oim.kit.fields import FormFields, first_value, parse_choices, parse_number
from oim.kit.i18n import Language, Translator, mark

VISIBLE_FIELDS = ("words", "kind", "region")  # fields that are not folded away
FOLDED_FIELDS = (
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
WITHIN_REGION = "region"  # in place of a number of kilometres
MAX_TOWN_LENGTH = 100  # characters
MAX_POSTED_DAYS = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchForm(Form):
    """The form, and what it asks for; no condition at all where something in it is wrong."""

    search: Search

    @property
    def folded_count(self) -> int:
        """How many of the fields that are folded away are filled in."""
        return sum(1 for name in FOLDED_FIELDS if name in self.fields)

    def pairs(self) -> list[tuple[str, str]]:
        """Each field with each of its values."""
        return [(name, value) for name, values in self.fields.items() for value in values]

    def to_query_string(self, without: Collection[str] = (), **extra: str) -> str:
        """What stands after a path to ask for the same, but for some fields."""
        kept = [(name, value) for name, value in self.pairs() if name not in without]
        said = urlencode([*kept, *extra.items()], quote_via=quote)
        return f"?{said}" if said else ""


def parse_search_form(fields: FormFields, t: Translator) -> SearchForm:
    """What is sought by fields that were sent; others are left alone."""
    typed = _drop_empty(
        {
            name: [value.strip() for value in fields.get(name, ())]
            for name in (*VISIBLE_FIELDS, *FOLDED_FIELDS)
        }
    )
    asked: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for parse in _PARSERS:
        try:
            asked |= parse(typed)
        except BadInputError as error:
            errors[error.field or WHOLE_FORM] = t(error.message, **error.values)
    return SearchForm(fields=typed, errors=errors, search=Search() if errors else Search(**asked))


def fill_search_form(search: Search, language: Language) -> SearchForm:
    """A search as its form holds it."""
    within = None if search.near is None else search.within_km
    days = {"closing": search.closing_before, "open": search.open_on, "posted": search.posted_since}
    given: dict[str, list[object]] = {
        "words": [search.words],
        "kind": [kind.value for kind in search.kinds],
        "region": [search.region],
        "town": [search.near and _name_place(search.near, language)],
        "within": [within],
        "sector": [sector.value for sector in search.sectors],
        "education": [search.education],
        "contract": [contract.value for contract in search.contracts],
        "amount": [search.amount_min],
        "free": ["yes" if search.free_only else None],
        **{name: [day and day.isoformat()] for name, day in days.items()},
    }
    typed = {name: [str(value) for value in values if value is not None] for name, values in given.items()}
    return SearchForm(fields=_drop_empty(typed), search=search)


def _drop_empty(fields: FormFields) -> dict[str, list[str]]:
    """The fields that are filled in."""
    told = {name: [value for value in values if value] for name, values in fields.items()}
    return {name: values for name, values in told.items() if values}


def _name_place(code: str, language: Language) -> str:
    """The name of a place that is read as the same place."""
    place = places.get(code)
    return places.city_name(code) or (place.name(language) if place else code)


def _parse_words(fields: FormFields) -> dict[str, Any]:
    words = first_value(fields, "words")
    if len(words) > MAX_SEARCH_LENGTH:
        raise BadInputError(
            mark("This is too long: %(most)s characters at most."), field="words", most=MAX_SEARCH_LENGTH
        )
    return {"words": words}


def _parse_region(fields: FormFields) -> dict[str, Any]:
    region = first_value(fields, "region")
    if region and places.get(region) not in places.regions():
        raise BadInputError(mark("Choose a region of the list."), field="region")
    return {"region": region or None}


def _parse_near(fields: FormFields) -> dict[str, Any]:
    """The town, and how far around it; the region that is asked for tells homonyms apart."""
    town, within = first_value(fields, "town")[:MAX_TOWN_LENGTH], first_value(fields, "within")
    if not town:
        if within:
            raise BadInputError(mark("Say from which place the distance counts."), field="town")
        return {}
    place = places.resolve(first_value(fields, "region"), town) if places.resolve(None, town) else None
    if place is None:
        raise BadInputError(
            mark("We do not know this place. Give the nearest town, or only your region."), field="town"
        )
    if within == WITHIN_REGION:
        return {"near": places.lineage(place.code)[0].code}
    message = mark("Choose from the list.")
    return {
        "near": place.code,
        "within_km": parse_number(fields, "within", 1, MAX_DISTANCE_KM, message),
    }


def _parse_amount(fields: FormFields) -> dict[str, Any]:
    message = mark("Give the amount in figures, such as 50000.")
    return {"amount_min": parse_number(fields, "amount", 1, MAX_AMOUNT_XAF, message)}


def _parse_posted(fields: FormFields) -> dict[str, Any]:
    """Within so many days, or since a day."""
    said = first_value(fields, "posted")
    if said.isdecimal() and len(said) <= len(str(MAX_POSTED_DAYS)):
        return {"posted_since": now().astimezone(CAMEROON).date() - timedelta(days=int(said))}
    return {"posted_since": _parse_day(fields, "posted")}


def _parse_day(fields: FormFields, name: str) -> date | None:
    said = first_value(fields, name)
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


_PARSERS: tuple[Callable[[FormFields], dict[str, Any]], ...] = (
    _parse_words,
    profile.parse_kinds,
    _parse_region,
    _parse_near,
    lambda typed: {"sectors": parse_choices(typed, "sector", Sector)},
    profile.parse_education,
    lambda typed: {"contracts": parse_choices(typed, "contract", Contract)},
    _parse_amount,
    lambda typed: {"free_only": bool(typed.get("free"))},
    lambda typed: {"closing_before": _parse_day(typed, "closing")},
    lambda typed: {"open_on": _parse_day(typed, "open")},
    _parse_posted,
)
