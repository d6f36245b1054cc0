"""Bounds of a record, whichever channel its answers come from; texts are cleaned on the way."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from oim.features import places
from oim.features.profile.languages import merge_languages
from oim.features.profile.types import Job, Record, SpokenLanguage
from oim.kit.clock import CAMEROON, now
from oim.kit.errors import BadInputError
from oim.kit.fields import check_length, check_one_line
from oim.kit.i18n import mark

MAX_WISH_LENGTH = 2000  # characters
MAX_LINE_LENGTH = 200  # characters of anything else that is written
LONG_FIELDS = ("wish",)  # fields of several lines
MAX_ITEMS = 30  # items of a list
MIN_YEAR = 1900
MAX_YEARS_AHEAD = 1  # years: a contract may begin or end next year
MAX_EXPERIENCE_YEARS = 80  # years
MAX_SAVINGS = 1_000_000_000  # XAF
MAX_ISCED_LEVEL = 8


def validate_record(record: Record) -> Record:
    """The record with its texts cleaned. Raises BadInputError naming the field that is out of bounds."""
    clean = replace(
        record, **{name: _clean_value(name, value) for name, value in _field_values(record).items()}
    )
    clean = replace(clean, languages=merge_languages((), clean.languages))
    year = now().astimezone(CAMEROON).year
    _check_range("birth_year", clean.birth_year, MIN_YEAR, year)
    _check_range("experience_years", clean.experience_years, 0, MAX_EXPERIENCE_YEARS)
    _check_range("education", clean.education, 0, MAX_ISCED_LEVEL)
    _check_range("savings", clean.savings, 0, MAX_SAVINGS)
    for name in ("region", "department", "commune"):
        code = getattr(clean, name)
        if code is not None and places.get(code) is None:
            raise BadInputError(mark("This place is not known."), field=name)
    for job in clean.jobs:
        _check_range("jobs", job.since, MIN_YEAR, year + MAX_YEARS_AHEAD)
        _check_range("jobs", job.until, MIN_YEAR, year + MAX_YEARS_AHEAD)
    return clean


def _field_values(record: Record) -> dict[str, Any]:
    return {field.name: getattr(record, field.name) for field in fields(record) if field.name != "text"}


def _clean_value(name: str, value: Any) -> Any:
    # Enumerations are strings too, and must stay what they are: only plain strings are cleaned.
    if isinstance(value, str) and type(value) is str:
        return _clean_text(name, value, MAX_WISH_LENGTH if name in LONG_FIELDS else MAX_LINE_LENGTH)
    if isinstance(value, tuple):
        if len(value) > MAX_ITEMS:
            raise BadInputError(mark("Give %(most)s at most."), field=name, most=MAX_ITEMS)
        return tuple(_clean_value(name, item) for item in value)
    if isinstance(value, Job):
        employer = _clean_value(name, value.employer)
        return replace(value, title=_clean_value(name, value.title), employer=employer or None)
    if isinstance(value, SpokenLanguage):
        return replace(value, language=_clean_value(name, value.language))
    return value


def _clean_text(name: str, text: str, max_length: int) -> str:
    """Clean a text: single spaces, its line breaks, and no control signs (PostgreSQL stores no NUL)."""
    if name not in LONG_FIELDS:
        check_one_line(text, name)
    printable = "".join(letter for letter in text if letter.isprintable() or letter in "\n\t ")
    cleaned = "\n".join(" ".join(line.split()) for line in printable.splitlines()).strip()
    check_length(cleaned, max_length, name)
    return cleaned


def _check_range(name: str, value: int | None, low: int, high: int) -> None:
    if value is not None and not low <= value <= high:
        raise BadInputError(mark("Give a number from %(low)s to %(high)s."), field=name, low=low, high=high)
