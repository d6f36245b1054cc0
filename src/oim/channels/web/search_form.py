"""The search form of the listing: parsed from the query of its address, and written back into one.

The form is sent by GET, so a search can be bookmarked, shared, and saved as its fields.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from oim.channels.web.form import WHOLE_FORM, Form
from oim.channels.wording import render_error
from oim.features import places, profile
from oim.features.occupations import Sector
from oim.features.opportunities import (
    MAX_AMOUNT_XAF,
    MAX_DISTANCE_KM,
    MAX_SEARCH_LENGTH,
    Contract,
    Search,
    Sort,
)
from oim.kit.clock import CAMEROON, now
from oim.kit.errors import BadInputError
from oim.kit.fields import FormFields, check_length, first_value, parse_choices, parse_number
from oim.kit.i18n import LANGUAGES, Language, Translator, mark

VISIBLE_FIELDS = ("words", "kind", "region")
# Fields below "More conditions", which is folded until one of them is filled in.
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
    "answer",
    "language",
)
SORT_FIELD = "sort"
# Value of `within` that stands for the whole region of the town, in place of a number of kilometres.
WITHIN_REGION = "region"
MAX_TOWN_LENGTH = 100  # characters
MAX_POSTED_DAYS = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchForm(Form):
    """The form and the search parsed from it, which is empty if any field has an error.

    `sort` is among the fields too, but it is no condition; one that is not known is left out.
    """

    search: Search
    sort: Sort | None = None

    @property
    def folded_count(self) -> int:
        """How many of the folded fields are filled in."""
        return sum(1 for name in FOLDED_FIELDS if name in self.fields)

    def pairs(self) -> list[tuple[str, str]]:
        """Each field with each of its values: a field with two values comes twice."""
        return [(name, value) for name, values in self.fields.items() for value in values]

    def to_query_string(self, without: Collection[str] = (), **extra: str) -> str:
        """The search as a query string with its `?`, less some fields, plus `extra` ones; "" if empty."""
        pairs = [(name, value) for name, value in self.pairs() if name not in without]
        # `quote` writes a space as `%20`. `safe_next_path` refuses a `+` in an address to come back to.
        query = urlencode([*pairs, *extra.items()], quote_via=quote)
        return f"?{query}" if query else ""


def parse_search_form(fields: FormFields, t: Translator) -> SearchForm:
    """Parse the fields of the form, and ignore any other. Errors are collected by field, not raised."""
    typed = _drop_empty(
        {
            name: [value.strip() for value in fields.get(name, ())]
            for name in (*VISIBLE_FIELDS, *FOLDED_FIELDS, SORT_FIELD)
        }
    )
    sort = next((sort for sort in Sort if sort == first_value(typed, SORT_FIELD)), None)
    if sort is None:
        typed.pop(SORT_FIELD, None)
    criteria: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for parse in _PARSERS:
        try:
            criteria |= parse(typed)
        except BadInputError as error:
            errors[error.field or WHOLE_FORM] = render_error(error, t)
    search = Search() if errors else Search(**criteria)
    return SearchForm(fields=typed, errors=errors, search=search, sort=sort)


def fill_search_form(search: Search, language: Language) -> SearchForm:
    """Create the form of a search, such that parsing it gives the same search."""
    # Without a place a distance is no condition, and the form refuses it.
    within = None if search.near is None else search.within_km
    days = {"closing": search.closing_before, "open": search.open_on, "posted": search.posted_since}
    values_by_field: dict[str, list[object]] = {
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
        "language": [search.language],
        "answer": ["yes" if search.answerable_only else None],
        **{name: [day and day.isoformat()] for name, day in days.items()},
    }
    typed = {
        name: [str(value) for value in values if value is not None]
        for name, values in values_by_field.items()
    }
    return SearchForm(fields=_drop_empty(typed), search=search)


def _drop_empty(fields: FormFields) -> dict[str, list[str]]:
    """The fields that are filled in, without their empty values."""
    nonempty = {name: [value for value in values if value] for name, values in fields.items()}
    return {name: values for name, values in nonempty.items() if values}


def _name_place(code: str, language: Language) -> str:
    """A name by which `places.resolve` finds the same place again; its code where it has none."""
    place = places.get(code)
    return places.city_name(code) or (place.name(language) if place else code)


def _parse_words(fields: FormFields) -> dict[str, Any]:
    words = first_value(fields, "words")
    check_length(words, MAX_SEARCH_LENGTH, "words")
    return {"words": words}


def _parse_region(fields: FormFields) -> dict[str, Any]:
    region = first_value(fields, "region")
    if region and places.get(region) not in places.regions():
        raise BadInputError(mark("Choose a region of the list."), field="region")
    return {"region": region or None}


def _parse_near(fields: FormFields) -> dict[str, Any]:
    """The place near which to search, and how far around it. The region in the form tells homonyms apart."""
    town, within = first_value(fields, "town")[:MAX_TOWN_LENGTH], first_value(fields, "within")
    if not town:
        if within:
            raise BadInputError(mark("Say from which place the distance counts."), field="town")
        return {}
    # Resolved alone first: with a region, `resolve` replaces an unknown town by it, and nobody would notice.
    place = places.resolve(first_value(fields, "region"), town) if places.resolve(None, town) else None
    if place is None:
        raise BadInputError(
            mark("We do not know this place. Give the nearest town, or only your region."), field="town"
        )
    if within == WITHIN_REGION:
        # The first of its lineage is the region itself.
        return {"near": places.lineage(place.code)[0].code}
    message = mark("Choose from the list.")
    return {
        "near": place.code,
        "within_km": parse_number(fields, "within", 1, MAX_DISTANCE_KM, message),
    }


def _parse_language(fields: FormFields) -> dict[str, Any]:
    stated = first_value(fields, "language")
    language = next((code for code in LANGUAGES if code == stated), None)
    if stated and language is None:
        raise BadInputError(mark("Choose from the list."), field="language")
    return {"language": language}


def _parse_amount(fields: FormFields) -> dict[str, Any]:
    # What is all in figures is out of range.
    if "".join(first_value(fields, "amount").split()).isdecimal():
        message = mark("Give an amount between 1 franc and 1 billion francs.")
    else:
        message = mark("Give the amount in figures, such as 50000.")
    return {"amount_min": parse_number(fields, "amount", 1, MAX_AMOUNT_XAF, message)}


def _parse_posted(fields: FormFields) -> dict[str, Any]:
    """Since when an offer was published: a number of days (`7`) before today in Cameroon, or a day."""
    text = first_value(fields, "posted")
    # Only the length is checked, which keeps `timedelta` in range: any number of three digits passes.
    if text.isdecimal() and len(text) <= len(str(MAX_POSTED_DAYS)):
        return {"posted_since": now().astimezone(CAMEROON).date() - timedelta(days=int(text))}
    return {"posted_since": _parse_day(fields, "posted")}


def _parse_day(fields: FormFields, name: str) -> date | None:
    """The day in a field; None for an empty one. Raises BadInputError."""
    text = first_value(fields, name)
    # Browsers send a date input in ISO form; people who have to type it write 31/12/2026.
    for date_format in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            day = datetime.strptime(text, date_format).replace(tzinfo=CAMEROON).date()
        except ValueError:
            continue
        if 1900 <= day.year <= 2100:
            return day
    if text:
        raise BadInputError(mark("Give the day as in 31/12/2026."), field=name)
    return None


# Each parses some fields into arguments of `Search`. Errors are listed in this order, which is about that of
# the fields on the page.
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
    _parse_language,
    lambda typed: {"answerable_only": bool(typed.get("answer"))},
    lambda typed: {"closing_before": _parse_day(typed, "closing")},
    lambda typed: {"open_on": _parse_day(typed, "open")},
    _parse_posted,
)
