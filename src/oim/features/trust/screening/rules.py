"""The table of rules: what warns, how much it weighs, and how it is found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from oim.features.opportunities import Draft, Kind
from oim.features.trust.screening.contacts import abroad_by_messaging, personal_contact
from oim.features.trust.screening.pay import unreal_pay
from oim.features.trust.screening.phrases import Sentence
from oim.features.trust.screening.vocabulary import pattern, phrases
from oim.features.trust.types import FlagCode
from oim.kit.text import fold

# How a draft, its title and the sentences of its description warn: the words that do, empty where it is
# something not said, None where nothing warns.
Find = Callable[[Draft, Sentence, Sequence[Sentence]], str | None]

_NAMELESS = pattern("nameless")


@dataclass(frozen=True, slots=True)
class Rule:
    """What warns, how much it weighs in the score (from 0 to 1), and how it is found."""

    code: FlagCode
    weight: float
    find: Find


_FEES = {
    Kind.EMPLOYMENT: phrases("fee_for_work"),
    Kind.TRAINING: phrases("fee_for_a_course"),
    Kind.AGR: phrases("fee_for_money"),
}


def _fee(draft: Draft, title: Sentence, body: Sequence[Sentence]) -> str | None:
    return _FEES[draft.kind].found((title, *body))


def _said(name: str) -> Find:
    sought = phrases(name)
    return lambda _draft, title, body: sought.found((title, *body))


def _no_employer(draft: Draft, _title: Sentence, _body: Sequence[Sentence]) -> str | None:
    named = draft.organisation and not _NAMELESS.fullmatch(fold(draft.organisation))
    return "" if draft.kind is Kind.EMPLOYMENT and not named else None


RULES = (
    Rule(FlagCode.FEE, 0.7, _fee),
    Rule(FlagCode.PASSPORT, 0.7, _said("papers_taken")),
    Rule(FlagCode.ABROAD_BY_MESSAGING, 0.65, abroad_by_messaging),
    Rule(FlagCode.TRAVEL_ADVANCE, 0.65, _said("travel_advance")),
    Rule(FlagCode.UNREAL_PAY, 0.55, unreal_pay),
    Rule(FlagCode.HASTE_OR_SECRECY, 0.4, _said("haste_or_secrecy")),
    Rule(FlagCode.NO_EMPLOYER, 0.2, _no_employer),
    Rule(FlagCode.PERSONAL_CONTACT, 0.2, personal_contact),
)
