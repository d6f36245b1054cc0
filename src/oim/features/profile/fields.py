"""The fields in which a profile is typed, read one by one into values of a profile.

Every channel that asks in fields reads them here: a page, a search without an account, a menu on a telephone.
Each parser returns the values of a profile that its field states, and no key for what it leaves open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from oim.features import places
from oim.features.opportunities import Gender, Kind, Status
from oim.features.profile.choices import NETWORKS, NONE_VALUE
from oim.features.profile.number_words import parse_spoken_amount, parse_spoken_years
from oim.features.profile.validation import MAX_ISCED_LEVEL, MIN_YEAR
from oim.kit.clock import CAMEROON, now
from oim.kit.errors import BadInputError
from oim.kit.fields import FormFields, check_one_line, first_value, parse_choices, parse_number
from oim.kit.i18n import mark

# Typed by hand, a larger number is a slip: the bounds of what may be stored (`validation`) are wider.
MAX_TYPED_EXPERIENCE = 60  # years
MAX_TYPED_SAVINGS = 100_000_000  # XAF
MIN_TYPED_SAVINGS = 100  # XAF: who types 50 means 50 000


def parse_text(fields: FormFields) -> dict[str, Any]:
    """What they look for and can do, in their words."""
    return {"text": first_value(fields, "text")}


def parse_place(fields: FormFields) -> dict[str, Any]:
    """Where they live, by region and town. Raises BadInputError."""
    region = first_value(fields, "region")
    if region and region not in {place.code for place in places.regions()}:
        raise BadInputError(mark("Choose a region of the list."), field="region")
    check_one_line(first_value(fields, "town"), "town")
    place = places.resolve(region or None, first_value(fields, "town") or None)
    return {level.level: level.code for level in places.lineage(place.code)} if place else {}


def parse_birth_year(fields: FormFields) -> dict[str, Any]:
    """The year of birth. Raises BadInputError."""
    latest = now().astimezone(CAMEROON).year
    message = mark("Give the year of birth as four digits, from %(low)s to %(high)s.")
    return {"birth_year": parse_number(fields, "birth_year", MIN_YEAR, latest, message)}


def parse_experience(fields: FormFields) -> dict[str, Any]:
    """Years of experience, in figures or in words: `2 ans`, `deux`. Raises BadInputError."""
    message = mark("Give the years of experience as a number, from %(low)s to %(high)s.")
    known = _replace_words(fields, "experience", parse_spoken_years)
    return {"experience_years": parse_number(known, "experience", 0, MAX_TYPED_EXPERIENCE, message)}


def parse_education(fields: FormFields) -> dict[str, Any]:
    """An ISCED level. Raises BadInputError."""
    message = mark("Choose from the list.")
    return {"education": parse_number(fields, "education", 0, MAX_ISCED_LEVEL, message)}


def parse_savings(fields: FormFields) -> dict[str, Any]:
    """Money of their own, in XAF, in figures or in words: `50 000 FCFA`, `50 mille`. Raises BadInputError."""
    known = _replace_words(fields, "savings", parse_spoken_amount)
    message = mark("Write this sum in figures, %(high)s at most.")
    savings = parse_number(known, "savings", 0, MAX_TYPED_SAVINGS, message)
    if savings and savings < MIN_TYPED_SAVINGS:
        raise BadInputError(
            mark("Give the whole amount in francs, such as 50000, or 0 if you have none."), field="savings"
        )
    return {"savings": savings}


def _replace_words(fields: FormFields, name: str, parse: Callable[[str], int | None]) -> FormFields:
    """The fields with what a text says in one of them in figures; what is not understood stays as it is."""
    number = parse(first_value(fields, name))
    return fields if number is None else {**fields, name: (str(number),)}


def parse_memberships(fields: FormFields) -> dict[str, Any]:
    """Networks of savings groups they are members of. Raises BadInputError."""
    return {"memberships": parse_ticks(fields.get("membership", ()), NETWORKS, "membership")}


def parse_ticks(values: Sequence[str], options: Sequence[str], name: str) -> tuple[str, ...] | None:
    """The options ticked in a field: None for no answer, empty for `NONE_VALUE`. Raises BadInputError.

    "I have none" decides what offers ask for; no answer leaves it open.
    """
    if not {*values} <= {*options, NONE_VALUE}:
        raise BadInputError(mark("Choose from the list."), field=name)
    return tuple(value for value in values if value != NONE_VALUE) if values else None


def parse_gender(fields: FormFields) -> dict[str, Any]:
    """Their gender. Raises BadInputError."""
    return {"gender": next(iter(parse_choices(fields, "gender", Gender)), None)}


def parse_statuses(fields: FormFields) -> dict[str, Any]:
    """Their situations, youth only where no year of birth says it. Raises BadInputError."""
    situations = list_situations(is_age_known=_states_birth_year(fields))
    return {
        "statuses": tuple(
            status for status in parse_choices(fields, "status", Status) if status in situations
        )
    }


def list_situations(*, is_age_known: bool) -> tuple[Status, ...]:
    """The situations to choose among: nobody is asked whether they are young who said when they were born."""
    return tuple(status for status in Status if not (is_age_known and status is Status.YOUTH))


def _states_birth_year(fields: FormFields) -> bool:
    try:
        return parse_birth_year(fields)["birth_year"] is not None
    except BadInputError:
        return False


def parse_kinds(fields: FormFields) -> dict[str, Any]:
    """The kinds of offers they want. Raises BadInputError."""
    return {"kinds": parse_choices(fields, "kind", Kind)}


FIELD_PARSERS: Mapping[str, Callable[[FormFields], dict[str, Any]]] = {
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
