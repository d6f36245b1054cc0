"""The questions, in the order in which they help most: each may be skipped, each is saved when answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
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
# Without these nothing can be chosen for anybody: they are asked first, whatever offers say.
PRIORITY_QUESTIONS = (Question.WISH, Question.PLACE)
QUESTION_CONDITIONS: Mapping[Question, str] = {
    Question.AGE: "age",
    Question.EDUCATION: "education",
    Question.SITUATION: "status",
    Question.GENDER: "gender",
    Question.MEMBERSHIP: "membership",
    Question.SAVINGS: "contribution",
    Question.DOCUMENTS: "documents",
    Question.PLACE: "region",
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


@dataclass(frozen=True, slots=True)
class Strength:
    """So many questions answered of so many; the one to answer next, and the open offers it would decide."""

    answered: int
    total: int
    next: Question | None
    unlocks: int


def compute_strength(record: Record, conditions: Mapping[str, int]) -> Strength:
    """Compute the strength of a record; `conditions` as `opportunities.count_by_condition` counts them."""
    left = list_unanswered(record)
    best = max(left, key=lambda one: _priority(one, conditions), default=None)
    unlocks = _count_offers(best, conditions) if best else 0
    return Strength(len(Question) - len(left), len(Question), best, unlocks)


def _priority(question: Question, conditions: Mapping[str, int]) -> tuple[bool, int, int]:
    """First what everything needs, then what most offers ask; the order of questions decides the rest."""
    first = question in PRIORITY_QUESTIONS
    return first, 0 if first else _count_offers(question, conditions), -list(Question).index(question)


def _count_offers(question: Question, conditions: Mapping[str, int]) -> int:
    return conditions.get(QUESTION_CONDITIONS[question], 0) if question in QUESTION_CONDITIONS else 0
