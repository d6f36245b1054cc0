"""The fields of forms read one by one: what was typed to values of a profile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from oim.channels.web.form import Typed, first
from oim.channels.web.options import BODIES, NONE
from oim.channels.wording import EDUCATION
from oim.features import places
from oim.features.opportunities import Gender, Kind, Status
from oim.kit.clock import CAMEROON, now
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

OLDEST = 1900
EXPERIENCE_MAX = 60  # years
SAVINGS_MAX = 100_000_000  # XAF
Option = TypeVar("Option", bound=StrEnum)


def text(typed: Typed) -> dict[str, Any]:
    """What they look for and can do, in their words."""
    return {"text": first(typed, "text")}


def place(typed: Typed) -> dict[str, Any]:
    """Where they live, by region and town. Raises BadInputError."""
    region = first(typed, "region")
    if region and region not in {place.code for place in places.regions()}:
        raise BadInputError(mark("Choose a region of the list."), field="region")
    place = places.resolve(region or None, first(typed, "town") or None)
    return {level.level: level.code for level in places.lineage(place.code)} if place else {}


def birth_year(typed: Typed) -> dict[str, Any]:
    """The year of birth. Raises BadInputError."""
    latest = now().astimezone(CAMEROON).year
    message = mark("Give the year of birth as four digits, from %(low)s to %(high)s.")
    return {"birth_year": number(typed, "birth_year", OLDEST, latest, message)}


def experience(typed: Typed) -> dict[str, Any]:
    """Years of experience. Raises BadInputError."""
    message = mark("Give the years of experience as a number, from %(low)s to %(high)s.")
    return {"experience_years": number(typed, "experience", 0, EXPERIENCE_MAX, message)}


def education(typed: Typed) -> dict[str, Any]:
    """An ISCED level. Raises BadInputError."""
    message = mark("Choose from the list.")
    return {"education": number(typed, "education", min(EDUCATION), max(EDUCATION), message)}


def savings(typed: Typed) -> dict[str, Any]:
    """Money of their own, in XAF. Raises BadInputError."""
    message = mark("Give the money you can put in as a number, up to %(high)s.")
    return {"savings": number(typed, "savings", 0, SAVINGS_MAX, message)}


def memberships(typed: Typed) -> dict[str, Any]:
    """Bodies they are members of; of none is told too. Raises BadInputError."""
    given = typed.get("membership", ())
    if not {*given} <= BODIES.keys():
        raise BadInputError(mark("Choose from the list."), field="membership")
    return {"memberships": tuple(name for name in given if name != NONE)} if given else {}


def number(typed: Typed, name: str, low: int, high: int, message: str) -> int | None:
    """A whole number; None where the field is empty. Raises BadInputError."""
    value = "".join(first(typed, name).split())
    if not value:
        return None
    if not (value.isdecimal() and len(value) <= len(str(high)) and low <= int(value) <= high):
        raise BadInputError(message, field=name, low=low, high=high)
    return int(value)


def gender(typed: Typed) -> dict[str, Any]:
    """Their gender. Raises BadInputError."""
    return {"gender": next(iter(chosen(typed, "gender", Gender)), None)}


def statuses(typed: Typed) -> dict[str, Any]:
    """Their situations. Raises BadInputError."""
    return {"statuses": chosen(typed, "status", Status)}


def kinds(typed: Typed) -> dict[str, Any]:
    """The kinds of offers they want. Raises BadInputError."""
    return {"kinds": chosen(typed, "kind", Kind)}


def chosen(typed: Typed, name: str, options: type[Option]) -> tuple[Option, ...]:
    """The values chosen of a list. Raises BadInputError."""
    try:
        return tuple(dict.fromkeys(options(value) for value in typed.get(name, ())))
    except ValueError:
        raise BadInputError(mark("Choose from the list."), field=name) from None


PARSERS: Mapping[str, Callable[[Typed], dict[str, Any]]] = {
    "text": text,
    "region": place,
    "kind": kinds,
    "birth_year": birth_year,
    "experience": experience,
    "education": education,
    "gender": gender,
    "status": statuses,
    "membership": memberships,
    "savings": savings,
}
