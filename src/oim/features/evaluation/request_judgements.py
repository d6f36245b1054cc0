"""How good the answers to judged requests are, counted by register and by the difficulty that each tries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from oim.features.evaluation.judged_requests import JudgedRequest, JudgedSet
from oim.features.evaluation.request_grades import HARM, grade

FIRST = 3  # offers of an answer that are looked at: what a small screen shows
ALL = "all"


class Judgement(StrEnum):
    """What a judge says of one answer."""

    GOOD = "good"
    ACCEPTABLE = "acceptable"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """An answer as it is judged: the external ids of its offers, best first, and the words before them."""

    offers: Sequence[str]
    words: str = ""  # as "distress"; empty where offers come first


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """An answer with its judgement; `grades` are those of its first offers."""

    request: JudgedRequest
    judgement: Judgement
    grades: tuple[int, ...]
    best: int  # the best grade that any offer has for this request
    offers: tuple[str, ...]


def judge_answers(
    judged_set: JudgedSet, requests: Iterable[JudgedRequest], answer: Callable[[str], ShownAnswer]
) -> list[JudgedAnswer]:
    """Put each request to `answer` and judge what it gives."""
    return [_judge(judged_set, request, answer(request.text)) for request in requests]


def _judge(judged_set: JudgedSet, request: JudgedRequest, answer: ShownAnswer) -> JudgedAnswer:
    grades = {id_: grade(request, offer) for id_, offer in judged_set.offers.items()}
    first = tuple(answer.offers[:FIRST])
    shown, best = tuple(grades[id_] for id_ in first), max(grades.values())
    in_words = request.answer or answer.words
    judgement = _judge_words(request, answer) if in_words else _judge_offers(shown, best)
    return JudgedAnswer(request, judgement, shown, best, first)


def _judge_words(request: JudgedRequest, answer: ShownAnswer) -> Judgement:
    """Words are good exactly where they are due; after distress no offers stand beside them."""
    is_due = request.answer == f"words:{answer.words}"
    is_alone = answer.words != "distress" or not answer.offers
    return Judgement.GOOD if is_due and is_alone else Judgement.WRONG


def _judge_offers(shown: Sequence[int], best: int) -> Judgement:
    """Good: the best there is comes first; acceptable: it is among the first; neither with harm there."""
    if not shown or HARM in shown or best not in shown:
        return Judgement.WRONG
    return Judgement.GOOD if shown[0] == best else Judgement.ACCEPTABLE


def count_judgements(answers: Sequence[JudgedAnswer]) -> Mapping[str, Counter[Judgement]]:
    """The judgements of all answers, then by register, then by the difficulty tried; most frequent first."""
    counts = {ALL: Counter(answer.judgement for answer in answers)}
    for field in ("register", "failure"):
        names = Counter(getattr(answer.request, field) for answer in answers)
        for name, _ in names.most_common():
            counts[name] = Counter(
                answer.judgement for answer in answers if getattr(answer.request, field) == name
            )
    return counts
