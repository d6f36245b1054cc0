"""What a record may hold at most, wherever its answers come from."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from oim.features import places
from oim.features.profile.types import Job, Record, Spoken
from oim.kit.clock import CAMEROON, now
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

WISH = 2000  # characters
LINE = 200  # characters of anything else that is written
MOST = 30  # items of a list
OLDEST = 1900
AHEAD = 1  # years: a contract may begin or end next year
LONGEST_WORK = 80  # years
RICHEST = 1_000_000_000  # XAF
ISCED = 8


def bounded(record: Record) -> Record:
    """The record in clean text. Raises BadInputError naming the field that is out of bounds."""
    clean = replace(record, **{name: _clean(name, value) for name, value in _values(record).items()})
    year = now().astimezone(CAMEROON).year
    _between("birth_year", clean.birth_year, OLDEST, year)
    _between("experience_years", clean.experience_years, 0, LONGEST_WORK)
    _between("education", clean.education, 0, ISCED)
    _between("savings", clean.savings, 0, RICHEST)
    for name in ("region", "department", "commune"):
        code = getattr(clean, name)
        if code is not None and places.get(code) is None:
            raise BadInputError(mark("This place is not known."), field=name)
    for job in clean.jobs:
        _between("jobs", job.since, OLDEST, year + AHEAD)
        _between("jobs", job.until, OLDEST, year + AHEAD)
    return clean


def _values(record: Record) -> dict[str, Any]:
    return {field.name: getattr(record, field.name) for field in fields(record) if field.name != "text"}


def _clean(name: str, value: Any) -> Any:
    if isinstance(value, str) and type(value) is str:
        return _text(name, value, WISH if name == "wish" else LINE)
    if isinstance(value, tuple):
        if len(value) > MOST:
            raise BadInputError(mark("Give %(most)s at most."), field=name, most=MOST)
        return tuple(_clean(name, item) for item in value)
    if isinstance(value, Job):
        employer = _clean(name, value.employer)
        return replace(value, title=_clean(name, value.title), employer=employer or None)
    if isinstance(value, Spoken):
        return replace(value, language=_clean(name, value.language))
    return value


def _text(name: str, text: str, most: int) -> str:
    """In single spaces but for line breaks, without what no screen shows and no database keeps."""
    kept = "".join(letter for letter in text if letter.isprintable() or letter in "\n\t ")
    said = "\n".join(" ".join(line.split()) for line in kept.splitlines()).strip()
    if len(said) > most:
        raise BadInputError(mark("This is too long: %(most)s characters at most."), field=name, most=most)
    return said


def _between(name: str, value: int | None, low: int, high: int) -> None:
    if value is not None and not low <= value <= high:
        raise BadInputError(mark("Give a number from %(low)s to %(high)s."), field=name, low=low, high=high)
