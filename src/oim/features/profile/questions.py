"""The questions, in the order in which they help most: each may be skipped, each is saved when answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

from oim.features.profile.types import Record


class Question(StrEnum):
    """One screen each."""

    WISH = "wish"
    PLACE = "place"
    AGE = "age"
    EDUCATION = "education"
    EXPERIENCE = "experience"
    KINDS = "kinds"
    SKILLS = "skills"
    LANGUAGES = "languages"
    MOBILITY = "mobility"
    SITUATION = "situation"
    GENDER = "gender"
    MEMBERSHIP = "membership"
    SAVINGS = "savings"
    DOCUMENTS = "documents"


# The fields of a record that each question fills in.
QUESTION_FIELDS: Mapping[Question, tuple[str, ...]] = {
    Question.WISH: ("wish",),
    Question.PLACE: ("region", "department", "commune"),
    Question.AGE: ("birth_year",),
    Question.EDUCATION: ("education", "diplomas"),
    Question.EXPERIENCE: ("experience_years", "jobs"),
    Question.KINDS: ("kinds",),
    Question.SKILLS: ("skills",),
    Question.LANGUAGES: ("languages",),
    Question.MOBILITY: ("mobility",),
    Question.SITUATION: ("statuses",),
    Question.GENDER: ("gender",),
    Question.MEMBERSHIP: ("memberships",),
    Question.SAVINGS: ("savings",),
    Question.DOCUMENTS: ("documents",),
}
_EMPTY_RECORD = Record()


def is_answered(record: Record, question: Question) -> bool:
    """Whether anything of a question was told."""
    return any(getattr(record, name) != getattr(_EMPTY_RECORD, name) for name in QUESTION_FIELDS[question])


def apply_answer(record: Record, question: Question, values: Mapping[str, Any]) -> Record:
    """The record with the answer to a question; what the answer leaves out stays as it was."""
    return replace(
        record, **{name: value for name, value in values.items() if name in QUESTION_FIELDS[question]}
    )


def next_question(record: Record, question: Question) -> Question | None:
    """The next question, after one, that was not answered; none after the last."""
    order = list(Question)
    return next((one for one in order[order.index(question) + 1 :] if not is_answered(record, one)), None)


def list_unanswered(record: Record) -> list[Question]:
    """The questions not answered, in order."""
    return [one for one in Question if not is_answered(record, one)]
