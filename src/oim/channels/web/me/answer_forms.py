"""Answers as forms hold them: a record's values to what is typed, and back. Each question has both."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from oim.channels.web import parsers
from oim.channels.web.form import FormFields, first_value
from oim.channels.web.options import NONE_VALUE, PAPERS, SPOKEN_LANGUAGES
from oim.features import places
from oim.features.profile import Job, Level, Mobility, Question, Record, SpokenLanguage
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

Values = dict[str, Any]
_YEARS = re.compile(r"(\d{4})?(?:\s*[-–]\s*(\d{4})?)?")
_LANGUAGE_CODE = re.compile(r"[a-z]{2,3}")  # of ISO 639
_SEPARATOR = "·"
NO_PLACE: Values = {"region": None, "department": None, "commune": None}


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """How a question's fields are filled in from a record, and read."""

    fill: Callable[[Record], Mapping[str, object]]
    parse: Callable[[FormFields], Values]


def fill_answer(record: Record, question: Question) -> dict[str, list[str]]:
    """What the fields of a question hold for what was told."""
    typed = {}
    for name, value in ANSWER_FORMS[question].fill(record).items():
        values = value if isinstance(value, list) else [value]
        typed[name] = [str(one) for one in values if one is not None]
    return typed


def parse_answer(fields: FormFields, question: Question) -> Values:
    """What was answered. Raises BadInputError naming the field."""
    return ANSWER_FORMS[question].parse(fields)


def _parse_wish(fields: FormFields) -> Values:
    return {"wish": first_value(fields, "text")}


def _parse_place(fields: FormFields) -> Values:
    found = parsers.parse_place(fields)
    town = first_value(fields, "town")
    if town and not found.get("department"):
        raise BadInputError(
            mark("We do not know this place. Give the nearest town, or only your region."), field="town"
        )
    return NO_PLACE | found


def _parse_experience(fields: FormFields) -> Values:
    return {
        **parsers.parse_experience(fields),
        "jobs": tuple(_parse_job(line) for line in _split_lines(fields, "jobs")),
    }


def _parse_job(line: str) -> Job:
    """`Tailor · Atelier Akwa · 2015-2019`: the employer and the years may be left out."""
    parts = [part.strip() for part in line.split(_SEPARATOR)]
    years = _YEARS.fullmatch(parts[-1]) if len(parts) > 1 and parts[-1] else None
    if years:
        parts.pop()
    since, until = (int(year) if year else None for year in years.groups()) if years else (None, None)
    return Job(parts[0], " ".join(parts[1:]) or None, since, until)


def format_job(job: Job) -> str:
    """A job on one line, as it is read back."""
    years = f"{job.since or ''}-{job.until or ''}" if job.since or job.until else None
    return f" {_SEPARATOR} ".join(part for part in (job.title, job.employer, years) if part)


def _parse_education(fields: FormFields) -> Values:
    return {**parsers.parse_education(fields), "diplomas": tuple(_split_lines(fields, "diplomas"))}


def _parse_skills(fields: FormFields) -> Values:
    said = first_value(fields, "skills").replace(",", "\n").replace(";", "\n")
    return {"skills": tuple(dict.fromkeys(_split_lines({"skills": [said]}, "skills")))}


def _parse_languages(fields: FormFields) -> Values:
    chosen = {
        code: level
        for code in SPOKEN_LANGUAGES
        if (level := _parse_level(first_value(fields, f"lang-{code}")))
    }
    others = dict(_parse_other_language(value) for value in fields.get("others", ()))
    return {"languages": tuple(
        SpokenLanguage(code, Level(level) if level else None) for code, level in (others | chosen).items()
    )}  # fmt: skip


def _parse_other_language(value: str) -> tuple[str, str | None]:
    """A language beside those that are asked for, as `others` of a record names it."""
    code, _, level = value.partition(":")
    if not _LANGUAGE_CODE.fullmatch(code):
        raise BadInputError(mark("Choose from the list."), field="others")
    return code, _parse_level(level)


def list_other_languages(record: Record) -> list[tuple[str, SpokenLanguage]]:
    """The languages of a record that are not asked for one by one, or of which no level was told."""
    return [
        (f"{one.language}:{one.level.value if one.level else ''}", one)
        for one in record.languages
        if one.language not in SPOKEN_LANGUAGES or one.level is None
    ]


def _parse_level(value: str) -> str | None:
    if value and value not in set(Level):
        raise BadInputError(mark("Choose from the list."), field="languages")
    return value or None


def _parse_mobility(fields: FormFields) -> Values:
    value = first_value(fields, "mobility")
    if value and value not in set(Mobility):
        raise BadInputError(mark("Choose from the list."), field="mobility")
    return {"mobility": Mobility(value) if value else None}


def _parse_documents(fields: FormFields) -> Values:
    given = [value for value in fields.get("documents", ()) if value]
    if not {*given} <= {*PAPERS, NONE_VALUE}:
        raise BadInputError(mark("Choose from the list."), field="documents")
    return {"documents": tuple(name for name in given if name != NONE_VALUE) if given else None}


def _parse_membership(fields: FormFields) -> Values:
    return {"memberships": None, **parsers.parse_memberships(fields)}


def _split_lines(fields: FormFields, name: str) -> list[str]:
    return [line.strip() for line in first_value(fields, name).splitlines() if line.strip()]


def _fill_place(record: Record) -> Mapping[str, object]:
    return {"region": record.region, "town": render_town(record)}


def render_town(record: Record) -> str | None:
    """The name of the commune or department that was told."""
    place = places.get(record.commune or record.department or "")
    return place.name_fr if place else None


def _ticked_values(values: tuple[str, ...] | None) -> list[str]:
    """What was ticked: nothing where nothing was told, `none` where it was told that there is none."""
    return [] if values is None else [*values] or [NONE_VALUE]


ANSWER_FORMS: Mapping[Question, AnswerForm] = {
    Question.WISH: AnswerForm(lambda record: {"text": record.wish}, _parse_wish),
    Question.PLACE: AnswerForm(_fill_place, _parse_place),
    Question.AGE: AnswerForm(lambda record: {"birth_year": record.birth_year}, parsers.parse_birth_year),
    Question.EDUCATION: AnswerForm(
        lambda record: {"education": record.education, "diplomas": "\n".join(record.diplomas)},
        _parse_education,
    ),
    Question.EXPERIENCE: AnswerForm(
        lambda record: {
            "experience": record.experience_years,
            "jobs": "\n".join(map(format_job, record.jobs)),
        },
        _parse_experience,
    ),
    Question.KINDS: AnswerForm(
        lambda record: {"kind": [kind.value for kind in record.kinds]}, parsers.parse_kinds
    ),
    Question.SKILLS: AnswerForm(lambda record: {"skills": "\n".join(record.skills)}, _parse_skills),
    Question.LANGUAGES: AnswerForm(
        lambda record: {
            "others": [value for value, _ in list_other_languages(record)],
            **{f"lang-{one.language}": one.level.value for one in record.languages if one.level},
        },
        _parse_languages,
    ),
    Question.MOBILITY: AnswerForm(
        lambda record: {"mobility": record.mobility.value if record.mobility else None}, _parse_mobility
    ),
    Question.SITUATION: AnswerForm(
        lambda record: {"status": [status.value for status in record.statuses]}, parsers.parse_statuses
    ),
    Question.GENDER: AnswerForm(
        lambda record: {"gender": record.gender.value if record.gender else None}, parsers.parse_gender
    ),
    Question.MEMBERSHIP: AnswerForm(
        lambda record: {"membership": _ticked_values(record.memberships)}, _parse_membership
    ),
    Question.SAVINGS: AnswerForm(lambda record: {"savings": record.savings}, parsers.parse_savings),
    Question.DOCUMENTS: AnswerForm(
        lambda record: {"documents": _ticked_values(record.documents)}, _parse_documents
    ),
}
