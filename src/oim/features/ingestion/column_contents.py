"""Columns of an unknown file, and rules that recognise from its values which field a column holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from oim.features import places
from oim.features.ingestion.values import categories, dates, durations, money, numbers
from oim.features.ingestion.values.contact_text import find_emails
from oim.features.ingestion.values.location import FRENCH_DEPARTMENT
from oim.features.ingestion.values.phone_numbers import find_numbers
from oim.features.ingestion.values.text import parse_url
from oim.kit.i18n import mark

# A column with fewer values than this is not guessed by its contents: one date in one row may be chance.
MIN_VALUES = 3
# Mean number of characters from which a column's values count as descriptions, not as titles or addresses.
MIN_DESCRIPTION_LENGTH = 150


@dataclass(frozen=True, slots=True)
class Guess:
    """A guess that a column holds one of our fields, to be confirmed by a person.

    `confidence` is from 0 to 1; `explanation` is a message to translate. With a `value`, the field has this
    value in every row: the column was only the clue ("Salaire (FCFA)" gives the currency XAF).
    """

    field: str
    column: str
    confidence: float
    explanation: str
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column's name and its non-empty values in the first rows."""

    name: str
    values: tuple[str, ...]

    def share(self, condition: Callable[[str], object]) -> float:
        """Return the share of the values that satisfy a condition, from 0 to 1; 0 without values."""
        return sum(bool(condition(value)) for value in self.values) / len(self.values) if self.values else 0.0

    def has_at_most_distinct(self, count: int) -> bool:
        """Whether the column has no more than `count` different values, as a list of choices would."""
        return len(set(self.values)) <= count


@dataclass(frozen=True, slots=True)
class ContentRule:
    """A condition on a column's values enough to recognise its field, and the explanation to show."""

    matches: Callable[[Column], bool]
    explanation: str


def _is_number(value: str) -> bool:
    return numbers.parse_number(value) is not None


def _is_experience(value: str) -> bool:
    return durations.parse_experience_years(value) is not None or "experience" in value.casefold().replace(
        "é", "e"
    )


def _is_contract(value: str) -> bool:
    return categories.parse_contract(value, "") is not None


def _is_money(value: str) -> bool:
    return money.parse_range(money.clean_money_text(value), None) != money.NO_AMOUNT


def _is_place(value: str) -> bool:
    # Longer texts mention places in passing; 60 characters hold any place name with its town and region.
    return len(value) <= 60 and bool(FRENCH_DEPARTMENT.match(value) or places.find(value))


def _is_region(value: str) -> bool:
    place = places.resolve(value, None)
    return place is not None and place.level == "region"


def _is_description(column: Column) -> bool:
    """Whether the values are long on average."""
    return sum(map(len, column.values)) / len(column.values) >= MIN_DESCRIPTION_LENGTH


def _is_id(column: Column) -> bool:
    """Whether the values look like references ("OE-2026-014"): short, with a digit, and all different."""
    short = column.share(lambda value: len(value) <= 40 and " " not in value and any(map(str.isdigit, value)))
    return short > 0.9 and len(set(column.values)) == len(column.values)


# What the values of a field should look like. A column whose name fits the field but whose values do not
# gets a lower confidence (`column_guess._score_column`). A field that is absent here accepts any value.
EXPECTED_VALUES: dict[str, Callable[[str], object]] = {
    "url": parse_url,
    "apply_url": parse_url,
    "apply_phone": lambda value: any(find_numbers(value, None)) or any(find_numbers(value, "FR")),
    "apply_whatsapp": lambda value: any(find_numbers(value, None)),
    "apply_email": lambda value: any(find_emails(value)),
    "kind": categories.parse_kind,
    "contract": lambda value: _is_contract(value) or "time" in value.lower() or "temps" in value.lower(),
    "experience": _is_experience,
    "education_min": lambda value: categories.parse_education_level(value) is not None,
    "statuses": categories.parse_statuses,
    **dict.fromkeys(("published_at", "valid_through", "starts_on", "opens_on", "verified_on"), dates.is_date),
    **dict.fromkeys(("pay_min", "pay_max", "amount_min", "amount_max", "age_min", "age_max"), _is_number),
    **dict.fromkeys(("places", "rate", "duration_months", "duration_weeks", "cost", "allowance"), _is_number),
}

# Fields that can be recognised from values alone. Each takes the first free column that fits, in this order:
# strict rules come before loose ones, so that `id`, which fits any short unique values, cannot take dates.
CONTENT_RULES: dict[str, ContentRule] = {
    "url": ContentRule(lambda column: column.share(parse_url) > 0.8, mark("the values are web addresses")),
    "description": ContentRule(_is_description, mark("the values are long texts")),
    "published_at": ContentRule(
        lambda column: column.share(dates.is_date) > 0.8, mark("the values are dates")
    ),
    "kind": ContentRule(
        lambda column: column.has_at_most_distinct(10) and column.share(categories.parse_kind) > 0.9,
        mark("the values name kinds of offers"),
    ),
    "contract": ContentRule(
        lambda column: column.has_at_most_distinct(40) and column.share(_is_contract) > 0.8,
        mark("the values name contracts"),
    ),
    "pay_text": ContentRule(
        lambda column: column.share(_is_money) > 0.5, mark("the values are sums of money")
    ),
    "region": ContentRule(
        lambda column: column.has_at_most_distinct(20) and column.share(_is_region) > 0.8,
        mark("the values name regions"),
    ),
    "locality": ContentRule(lambda column: column.share(_is_place) > 0.5, mark("the values name places")),
    "id": ContentRule(_is_id, mark("the values are short and all different")),
}
