"""How far a profile goes, and what the next answer would unlock, counted on the offers that are open now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from oim.features.profile.questions import Question, list_unanswered
from oim.features.profile.types import Record

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


@dataclass(frozen=True, slots=True)
class Strength:
    """So many questions answered of so many; the one to answer next, and the open offers it would decide."""

    answered: int
    total: int
    next: Question | None
    unlocks: int


def compute_strength(record: Record, conditions: Mapping[str, int]) -> Strength:
    """The strength of a record; `conditions` as `opportunities.conditions` counts them."""
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
