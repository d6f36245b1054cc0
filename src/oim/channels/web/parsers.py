"""The fields of forms read one by one: what was typed to values of a profile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from oim.channels.web.form import FormFields, first_value
from oim.channels.web.options import MEMBERSHIPS, NONE_VALUE
from oim.channels.wording import EDUCATION
from oim.features import places
from oim.features.opportunities import Gender, Kind, Status
from oim.kit.clock import CAMEROON, now
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

EARLIEST_BIRTH_YEAR = 1900
MAX_EXPERIENCE = 60  # years
MAX_SAVINGS = 100_000_000  # XAF
Option = TypeVar("Option", bound=StrEnum)


def parse_text(fields: FormFields) -> dict[str, Any]:
    """What they look for and can do, in their words."""
    return {"text": first_value(fields, "text")}


def parse_place(fields: FormFields) -> dict[str, Any]:
    """Where they live, by region and town. Raises BadInputError."""
    region = first_value(fields, "region")
    if region and region not in {place.code for place in places.regions()}:
        raise BadInputError(mark("Choose a region of the list."), field="region")
    place = places.resolve(region or None, first_value(fields, "town") or None)
    return {level.level: level.code for level in places.lineage(place.code)} if place else {}


def parse_birth_year(fields: FormFields) -> dict[str, Any]:
    """The year of birth. Raises BadInputError."""
    latest = now().astimezone(CAMEROON).year
    message = mark("Give the year of birth as four digits, from %(low)s to %(high)s.")
    return {"birth_year": parse_number(fields, "birth_year", EARLIEST_BIRTH_YEAR, latest, message)}


def parse_experience(fields: FormFields) -> dict[str, Any]:
    """Years of experience. Raises BadInputError."""
    message = mark("Give the years of experience as a number, from %(low)s to %(high)s.")
    return {"experience_years": parse_number(fields, "experience", 0, MAX_EXPERIENCE, message)}


def parse_education(fields: FormFields) -> dict[str, Any]:
    """An ISCED level. Raises BadInputError."""
    message = mark("Choose from the list.")
    return {"education": parse_number(fields, "education", min(EDUCATION), max(EDUCATION), message)}


def parse_savings(fields: FormFields) -> dict[str, Any]:
    """Money of their own, in XAF. Raises BadInputError."""
    message = mark("Give the money you can put in as a number, up to %(high)s.")
    return {"savings": parse_number(fields, "savings", 0, MAX_SAVINGS, message)}


def parse_memberships(fields: FormFields) -> dict[str, Any]:
    """Bodies they are members of; of none is told too. Raises BadInputError."""
    given = fields.get("membership", ())
    if not {*given} <= MEMBERSHIPS.keys():
        raise BadInputError(mark("Choose from the list."), field="membership")
    return {"memberships": tuple(name for name in given if name != NONE_VALUE)} if given else {}


def parse_number(fields: FormFields, name: str, low: int, high: int, message: str) -> int | None:
    """A whole number; None where the field is empty. Raises BadInputError."""
    value = "".join(first_value(fields, name).split())
    if not value:
        return None
    if not (value.isdecimal() and len(value) <= len(str(high)) and low <= int(value) <= high):
        raise BadInputError(message, field=name, low=low, high=high)
    return int(value)


def parse_gender(fields: FormFields) -> dict[str, Any]:
    """Their gender. Raises BadInputError."""
    return {"gender": next(iter(parse_choices(fields, "gender", Gender)), None)}


def parse_statuses(fields: FormFields) -> dict[str, Any]:
    """Their situations. Raises BadInputError."""
    return {"statuses": parse_choices(fields, "status", Status)}


def parse_kinds(fields: FormFields) -> dict[str, Any]:
    """The kinds of offers they want. Raises BadInputError."""
    return {"kinds": parse_choices(fields, "kind", Kind)}


def parse_choices(fields: FormFields, name: str, options: type[Option]) -> tuple[Option, ...]:
    """The values chosen of a list. Raises BadInputError."""
    try:
        return tuple(dict.fromkeys(options(value) for value in fields.get(name, ())))
    except ValueError:
        raise BadInputError(mark("Choose from the list."), field=name) from None


PARSERS: Mapping[str, Callable[[FormFields], dict[str, Any]]] = {
    "text": parse_text,
    "region": parse_place,
    "kind": parse_kinds,
    "birth_year": parse_birth_year,
    "experience": parse_experience,
    "education": parse_education,
    "gender": parse_gender,
    "status": parse_statuses,
    "membership": parse_memberships,
    "savings": parse_savings,
}
