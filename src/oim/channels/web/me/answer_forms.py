"""Answers as forms hold them: a record's values to what is typed, and back. Each question has both."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from oim.channels.web import parsers
from oim.channels.web.form import Typed, first
from oim.channels.web.options import NONE, PAPERS, SPOKEN
from oim.features import places
from oim.features.profile import Job, Level, Mobility, Question, Record, SpokenLanguage
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

Values = dict[str, Any]
_BETWEEN = re.compile(r"(\d{4})?(?:\s*[-–]\s*(\d{4})?)?")
_CODE = re.compile(r"[a-z]{2,3}")  # of ISO 639
_APART = "·"
PLACELESS: Values = {"region": None, "department": None, "commune": None}


@dataclass(frozen=True, slots=True)
class Answer:
    """How a question's fields are filled in from a record, and read."""

    fill: Callable[[Record], Mapping[str, object]]
    read: Callable[[Typed], Values]


def fill(record: Record, question: Question) -> dict[str, list[str]]:
    """What the fields of a question hold for what was told."""
    typed = {}
    for name, value in ANSWERS[question].fill(record).items():
        values = value if isinstance(value, list) else [value]
        typed[name] = [str(one) for one in values if one is not None]
    return typed


def read(typed: Typed, question: Question) -> Values:
    """What was answered. Raises BadInputError naming the field."""
    return ANSWERS[question].read(typed)


def _wish(typed: Typed) -> Values:
    return {"wish": first(typed, "text")}


def _place(typed: Typed) -> Values:
    found = parsers.place(typed)
    town = first(typed, "town")
    if town and not found.get("department"):
        raise BadInputError(
            mark("We do not know this place. Give the nearest town, or only your region."), field="town"
        )
    return PLACELESS | found


def _experience(typed: Typed) -> Values:
    return {**parsers.experience(typed), "jobs": tuple(_job(line) for line in _lines(typed, "jobs"))}


def _job(line: str) -> Job:
    """`Tailor · Atelier Akwa · 2015-2019`: the employer and the years may be left out."""
    parts = [part.strip() for part in line.split(_APART)]
    years = _BETWEEN.fullmatch(parts[-1]) if len(parts) > 1 and parts[-1] else None
    if years:
        parts.pop()
    since, until = (int(year) if year else None for year in years.groups()) if years else (None, None)
    return Job(parts[0], " ".join(parts[1:]) or None, since, until)


def job_line(job: Job) -> str:
    """A job on one line, as it is read back."""
    years = f"{job.since or ''}-{job.until or ''}" if job.since or job.until else None
    return f" {_APART} ".join(part for part in (job.title, job.employer, years) if part)


def _education(typed: Typed) -> Values:
    return {**parsers.education(typed), "diplomas": tuple(_lines(typed, "diplomas"))}


def _skills(typed: Typed) -> Values:
    said = first(typed, "skills").replace(",", "\n").replace(";", "\n")
    return {"skills": tuple(dict.fromkeys(_lines({"skills": [said]}, "skills")))}


def _languages(typed: Typed) -> Values:
    chosen = {code: level for code in SPOKEN if (level := _level(first(typed, f"lang-{code}")))}
    others = dict(_other(value) for value in typed.get("others", ()))
    return {"languages": tuple(
        SpokenLanguage(code, Level(level) if level else None) for code, level in (others | chosen).items()
    )}  # fmt: skip


def _other(value: str) -> tuple[str, str | None]:
    """A language beside those that are asked for, as `others` of a record names it."""
    code, _, level = value.partition(":")
    if not _CODE.fullmatch(code):
        raise BadInputError(mark("Choose from the list."), field="others")
    return code, _level(level)


def others(record: Record) -> list[tuple[str, SpokenLanguage]]:
    """The languages of a record that are not asked for one by one, or of which no level was told."""
    return [
        (f"{one.language}:{one.level.value if one.level else ''}", one)
        for one in record.languages
        if one.language not in SPOKEN or one.level is None
    ]


def _level(value: str) -> str | None:
    if value and value not in set(Level):
        raise BadInputError(mark("Choose from the list."), field="languages")
    return value or None


def _mobility(typed: Typed) -> Values:
    value = first(typed, "mobility")
    if value and value not in set(Mobility):
        raise BadInputError(mark("Choose from the list."), field="mobility")
    return {"mobility": Mobility(value) if value else None}


def _documents(typed: Typed) -> Values:
    given = [value for value in typed.get("documents", ()) if value]
    if not {*given} <= {*PAPERS, NONE}:
        raise BadInputError(mark("Choose from the list."), field="documents")
    return {"documents": tuple(name for name in given if name != NONE) if given else None}


def _membership(typed: Typed) -> Values:
    return {"memberships": None, **parsers.memberships(typed)}


def _lines(typed: Typed, name: str) -> list[str]:
    return [line.strip() for line in first(typed, name).splitlines() if line.strip()]


def _fill_place(record: Record) -> Mapping[str, object]:
    return {"region": record.region, "town": town_of(record)}


def town_of(record: Record) -> str | None:
    """The name of the commune or department that was told."""
    place = places.get(record.commune or record.department or "")
    return place.name_fr if place else None


def _told(values: tuple[str, ...] | None) -> list[str]:
    """What was ticked: nothing where nothing was told, `none` where it was told that there is none."""
    return [] if values is None else [*values] or [NONE]


ANSWERS: Mapping[Question, Answer] = {
    Question.WISH: Answer(lambda record: {"text": record.wish}, _wish),
    Question.PLACE: Answer(_fill_place, _place),
    Question.AGE: Answer(lambda record: {"birth_year": record.birth_year}, parsers.birth_year),
    Question.EDUCATION: Answer(
        lambda record: {"education": record.education, "diplomas": "\n".join(record.diplomas)}, _education
    ),
    Question.EXPERIENCE: Answer(
        lambda record: {
            "experience": record.experience_years,
            "jobs": "\n".join(map(job_line, record.jobs)),
        },
        _experience,
    ),
    Question.KINDS: Answer(lambda record: {"kind": [kind.value for kind in record.kinds]}, parsers.kinds),
    Question.SKILLS: Answer(lambda record: {"skills": "\n".join(record.skills)}, _skills),
    Question.LANGUAGES: Answer(
        lambda record: {
            "others": [value for value, _ in others(record)],
            **{f"lang-{one.language}": one.level.value for one in record.languages if one.level},
        },
        _languages,
    ),
    Question.MOBILITY: Answer(
        lambda record: {"mobility": record.mobility.value if record.mobility else None}, _mobility
    ),
    Question.SITUATION: Answer(
        lambda record: {"status": [status.value for status in record.statuses]}, parsers.statuses
    ),
    Question.GENDER: Answer(
        lambda record: {"gender": record.gender.value if record.gender else None}, parsers.gender
    ),
    Question.MEMBERSHIP: Answer(lambda record: {"membership": _told(record.memberships)}, _membership),
    Question.SAVINGS: Answer(lambda record: {"savings": record.savings}, parsers.savings),
    Question.DOCUMENTS: Answer(lambda record: {"documents": _told(record.documents)}, _documents),
}
