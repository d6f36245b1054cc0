"""The table of rules: what warns, how much it weighs, and how it is found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from oim.features.opportunities import Draft, Kind
from oim.features.trust.screening.contacts import _detect_abroad_by_messaging, _detect_personal_contact
from oim.features.trust.screening.pay import detect_unreal_pay
from oim.features.trust.screening.phrases import Sentence
from oim.features.trust.screening.vocabulary import compile_pattern, load_phrases
from oim.features.trust.types import FlagCode
from oim.kit.text import fold

# How a draft, its title and the sentences of its description warn: the words that do, empty where it is
# something not said, None where nothing warns.
Detector = Callable[[Draft, Sentence, Sequence[Sentence]], str | None]

_NO_NAME = compile_pattern("nameless")


@dataclass(frozen=True, slots=True)
class Rule:
    """What warns, how much it weighs in the score (from 0 to 1), and how it is found."""

    code: FlagCode
    weight: float
    detect: Detector


_FEE_PHRASES = {
    Kind.EMPLOYMENT: load_phrases("fee_for_work"),
    Kind.TRAINING: load_phrases("fee_for_a_course"),
    Kind.AGR: load_phrases("fee_for_money"),
}


def _detect_fee(draft: Draft, title: Sentence, body: Sequence[Sentence]) -> str | None:
    return _FEE_PHRASES[draft.kind].find_excerpt((title, *body))


def _phrase_detector(name: str) -> Detector:
    sought = load_phrases(name)
    return lambda _draft, title, body: sought.find_excerpt((title, *body))


def _detect_no_employer(draft: Draft, _title: Sentence, _body: Sequence[Sentence]) -> str | None:
    named = draft.organisation and not _NO_NAME.fullmatch(fold(draft.organisation))
    return "" if draft.kind is Kind.EMPLOYMENT and not named else None


RULES = (
    Rule(FlagCode.FEE, 0.7, _detect_fee),
    Rule(FlagCode.PASSPORT, 0.7, _phrase_detector("papers_taken")),
    Rule(FlagCode.ABROAD_BY_MESSAGING, 0.65, _detect_abroad_by_messaging),
    Rule(FlagCode.TRAVEL_ADVANCE, 0.65, _phrase_detector("travel_advance")),
    Rule(FlagCode.UNREAL_PAY, 0.55, detect_unreal_pay),
    Rule(FlagCode.HASTE_OR_SECRECY, 0.4, _phrase_detector("haste_or_secrecy")),
    Rule(FlagCode.NO_EMPLOYER, 0.2, _detect_no_employer),
    Rule(FlagCode.PERSONAL_CONTACT, 0.2, _detect_personal_contact),
)
