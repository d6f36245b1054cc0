"""Screening: the rules that an offer meets, and the score they make together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod

from oim.features.opportunities import Draft, RedFlag, Trust
from oim.features.trust.screening.phrases import Sentence, split_sentences
from oim.features.trust.screening.rules import RULES
from oim.features.trust.types import FlagCode

HOLD_THRESHOLD = 0.6  # see docs/decisions/0009-trust.md
# What no partner may do either: these count in full, whoever publishes.
GRAVE_FLAGS = frozenset({FlagCode.FEE, FlagCode.PASSPORT, FlagCode.TRAVEL_ADVANCE})
_WEIGHTS = {rule.code: rule.weight for rule in RULES}


@dataclass(frozen=True, slots=True)
class Screening:
    """What warns in an offer, and how much: from 0 to 1."""

    score: float
    flags: tuple[RedFlag, ...]

    @property
    def needs_review(self) -> bool:
        """Whether staff look at the offer before anybody else does."""
        return self.score >= HOLD_THRESHOLD


def screen(draft: Draft, trust: Trust) -> Screening:
    """Screen an offer whose source and organisation have a level of trust."""
    title, body = Sentence(draft.title), split_sentences(draft.description)
    found = [(rule.code, rule.detect(draft, title, body)) for rule in RULES]
    flags = tuple(RedFlag(code.value, words) for code, words in found if words is not None)
    codes = [FlagCode(flag.code) for flag in flags]
    whole, grave = _combine_weights(codes), _combine_weights(code for code in codes if code in GRAVE_FLAGS)
    return Screening(max(whole / 2, grave) if trust is Trust.VERIFIED else whole, flags)


def _combine_weights(codes: Iterable[FlagCode]) -> float:
    return 1 - prod(1 - _WEIGHTS[code] for code in codes)
