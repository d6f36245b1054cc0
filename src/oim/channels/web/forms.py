"""The search form read into a profile. What cannot be read is told beside its field; the rest is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from oim.channels.web.fields import Form, Typed
from oim.channels.web.options import BODIES, NONE
from oim.channels.wording import EDUCATION
from oim.features import places
from oim.features.matching.types import Profile
from oim.features.opportunities import Gender, Kind, Status
from oim.kit.clock import CAMEROON, now
from oim.kit.errors import BadInputError
from oim.kit.i18n import Translator, format_number, mark

TEXT_MAX = 2000  # characters
OLDEST = 1900
EXPERIENCE_MAX = 60  # years
SAVINGS_MAX = 100_000_000  # XAF
MORE = (
    "birth_year",
    "gender",
    "status",
    "education",
    "experience",
    "membership",
    "savings",
)  # under "say more"

Option = TypeVar("Option", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled(Form):
    """The search form: what it means too, and what is to be told of how it was read."""

    profile: Profile
    notices: tuple[str, ...]

    @property
    def more(self) -> int:
        """How many fields under "say more" are filled in."""
        return sum(1 for name in MORE if self.typed.get(name))

    @property
    def more_wrong(self) -> bool:
        return any(name in self.errors for name in MORE)


def read(fields: Typed, t: Translator) -> Filled:
    """Read a form, sent or not: with no fields it is the empty form."""
    typed = {name: [v.strip() for v in values if v.strip()] for name, values in fields.items()}
    notices = _cut(typed, t) + _unknown_town(typed, t)
    known: dict[str, Any] = {"language": t.language}
    errors: dict[str, str] = {}
    for name, parse in _PARSERS.items():
        try:
            known |= parse(typed)
        except BadInputError as error:
            errors[name] = t(error.message, **error.values)
    return Filled(typed=typed, errors=errors, profile=Profile(**known), notices=notices)


def _cut(typed: dict[str, list[str]], t: Translator) -> tuple[str, ...]:
    """Cut a text that is too long, counting a line break as one character, as browsers do."""
    text = "".join(typed.get("text", [])[:1]).replace("\r\n", "\n")
    typed["text"] = [text[:TEXT_MAX]] if text else []
    if len(text) <= TEXT_MAX:
        return ()
    count = format_number(TEXT_MAX, t.language)
    return (t("Your text was long: only its first %(count)s characters were read.", count=count),)


def _unknown_town(typed: Typed, t: Translator) -> tuple[str, ...]:
    town = _first(typed, "town")
    if not town or places.resolve(None, town):
        return ()
    return (
        t("We do not know the place “%(town)s”. Try the nearest town, or choose your region.", town=town),
    )


def _first(typed: Typed, name: str) -> str:
    return next(iter(typed.get(name, ())), "")


def _text(typed: Typed) -> dict[str, Any]:
    return {"text": _first(typed, "text")}


def _place(typed: Typed) -> dict[str, Any]:
    region = _first(typed, "region")
    if region and region not in {place.code for place in places.regions()}:
        raise BadInputError(mark("Choose a region of the list."))
    place = places.resolve(region or None, _first(typed, "town") or None)
    return {level.level: level.code for level in places.lineage(place.code)} if place else {}


def _birth_year(typed: Typed) -> dict[str, Any]:
    latest = now().astimezone(CAMEROON).year
    message = mark("Give the year of birth as four digits, from %(low)s to %(high)s.")
    return {"birth_year": _number(_first(typed, "birth_year"), OLDEST, latest, message)}


def _experience(typed: Typed) -> dict[str, Any]:
    message = mark("Give the years of experience as a number, from %(low)s to %(high)s.")
    return {"experience_years": _number(_first(typed, "experience"), 0, EXPERIENCE_MAX, message)}


def _education(typed: Typed) -> dict[str, Any]:
    message = mark("Choose from the list.")
    return {"education": _number(_first(typed, "education"), min(EDUCATION), max(EDUCATION), message)}


def _savings(typed: Typed) -> dict[str, Any]:
    message = mark("Give the money you can put in as a number, up to %(high)s.")
    given = "".join(_first(typed, "savings").split())
    return {"savings": _number(given, 0, SAVINGS_MAX, message)}


def _memberships(typed: Typed) -> dict[str, Any]:
    given = typed.get("membership", ())
    if not {*given} <= BODIES.keys():
        raise BadInputError(mark("Choose from the list."))
    return {"memberships": tuple(name for name in given if name != NONE)} if given else {}


def _number(value: str, low: int, high: int, message: str) -> int | None:
    if not value:
        return None
    if not (value.isdecimal() and len(value) <= len(str(high)) and low <= int(value) <= high):
        raise BadInputError(message, low=low, high=high)
    return int(value)


def _gender(typed: Typed) -> dict[str, Any]:
    return {"gender": next(iter(_options(typed, "gender", Gender)), None)}


def _statuses(typed: Typed) -> dict[str, Any]:
    return {"statuses": _options(typed, "status", Status)}


def _kinds(typed: Typed) -> dict[str, Any]:
    return {"kinds": _options(typed, "kind", Kind)}


def _options(typed: Typed, name: str, options: type[Option]) -> tuple[Option, ...]:
    try:
        return tuple(options(value) for value in typed.get(name, ()))
    except ValueError:
        raise BadInputError(mark("Choose from the list.")) from None


_PARSERS: dict[str, Callable[[Typed], dict[str, Any]]] = {
    "text": _text,
    "region": _place,
    "kind": _kinds,
    "birth_year": _birth_year,
    "experience": _experience,
    "education": _education,
    "gender": _gender,
    "status": _statuses,
    "membership": _memberships,
    "savings": _savings,
}
