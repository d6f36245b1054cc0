"""The questions of a profile, in the order in which they help matching most, and which are answered.

Each may be skipped, and each answer is saved by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from oim.features.profile.types import Record


class Question(StrEnum):
    """A question; a channel asks one at a time, in this order."""

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
    Question.PLACE: ("region", "department", "commune", "town"),
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
# Without these nothing can be matched: they come first, however many offers hang on another answer.
PRIORITY_QUESTIONS = (Question.WISH, Question.PLACE)
# The condition of offers (`opportunities.count_by_condition`) that each answer settles.
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
    """Whether a record answers a question, wholly or in part."""
    return any(getattr(record, name) != getattr(_EMPTY_RECORD, name) for name in QUESTION_FIELDS[question])


def apply_answer(record: Record, question: Question, values: Mapping[str, Any]) -> Record:
    """The record with the answer to a question; values that the answer leaves out stay as they were."""
    return replace(
        record, **{name: value for name, value in values.items() if name in QUESTION_FIELDS[question]}
    )


def next_question(record: Record, question: Question) -> Question | None:
    """The first unanswered question after this one; None after the last."""
    order = list(Question)
    following = order[order.index(question) + 1 :]
    return next((later for later in following if not is_answered(record, later)), None)


def list_unanswered(record: Record) -> list[Question]:
    """The questions that a record does not answer, in order."""
    return [question for question in Question if not is_answered(record, question)]


@dataclass(frozen=True, slots=True)
class Strength:
    """How many questions of how many are answered, the best one to answer next, and the offers it decides."""

    answered: int
    total: int
    next: Question | None
    unlocks: int


def compute_strength(record: Record, conditions: Mapping[str, int]) -> Strength:
    """Compute the strength of a record; `conditions` as `opportunities.count_by_condition` counts them."""
    unanswered = list_unanswered(record)
    best = max(unanswered, key=lambda question: _priority(question, conditions), default=None)
    unlocks = _count_offers(best, conditions) if best else 0
    return Strength(len(Question) - len(unanswered), len(Question), best, unlocks)


def _priority(question: Question, conditions: Mapping[str, int]) -> tuple[bool, int, int]:
    """Sort key: what matching needs first, then what most offers ask, then the order of questions."""
    is_needed = question in PRIORITY_QUESTIONS
    # `max` takes the largest key, so an earlier question has the larger (less negative) last part.
    return is_needed, 0 if is_needed else _count_offers(question, conditions), -list(Question).index(question)


def _count_offers(question: Question, conditions: Mapping[str, int]) -> int:
    return conditions.get(QUESTION_CONDITIONS[question], 0) if question in QUESTION_CONDITIONS else 0
