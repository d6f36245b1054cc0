"""Trades recognised by meaning: only where the text names none with certainty, never as a stated trade."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from matching_factory import COSINES, NOW, hits

from oim.features import occupations
from oim.features.matching.answer import ReasonCode
from oim.features.matching.explanation import explain
from oim.features.matching.index import Card, Vector
from oim.features.matching.profile import Profile
from oim.features.matching.ranking import rank
from oim.features.matching.semantic_occupations import SemanticOccupations, add_semantic_occupation
from oim.features.matching.understanding import Understanding, understand
from oim.features.occupations import OccupationLink, SemanticLinker
from oim.features.opportunities import Kind

VECTOR = np.zeros(3, np.float32)
UNSURE = "je donne la vie aux habits déchirés"


class FixedLinker(SemanticLinker):
    """Links any text to one trade, a tailor by default, and records the texts."""

    __slots__ = ("texts",)

    def __init__(self, isco: str = "7531") -> None:
        occupation = occupations.get(isco)
        assert occupation is not None
        object.__setattr__(self, "texts", [])
        object.__setattr__(self, "names", (occupation,))

    def link(self, words: str, embedding: Vector) -> OccupationLink | None:
        self.texts.append(words)
        return OccupationLink(self.names[0], 0.8, by_meaning=True)


def understood(text: str, **known: Any) -> Understanding:
    return understand(Profile(text=text, **known), NOW)


def test_a_text_without_a_trade_gets_the_one_meant_by_its_distinctive_words() -> None:
    linker = FixedLinker()
    before = understood(UNSURE)
    after = add_semantic_occupation(before, VECTOR, linker)
    assert [(link.occupation.isco, link.by_meaning) for link in after.occupations][:1] == [("7531", True)]
    assert after.occupations[1:] == before.occupations
    assert linker.texts == ["donne vie habits déchirés"]


@pytest.mark.parametrize(
    "understanding",
    [
        understood("soudeur à Douala"),
        understood(UNSURE, occupations=("7212",)),
        understood("", occupations=("7212",)),
        understood(""),
    ],
    ids=["named", "ticked beside words", "ticked", "nothing"],
)
def test_the_linker_is_not_used_where_the_trade_is_known_or_the_text_is_empty(
    understanding: Understanding,
) -> None:
    linker = FixedLinker()
    assert add_semantic_occupation(understanding, VECTOR, linker) is understanding
    assert linker.texts == []


def test_a_trade_named_without_certainty_stays_named_by_words() -> None:
    linker = FixedLinker()
    unsure = replace(understood(UNSURE), occupations=(OccupationLink(linker.names[0], 0.4),))
    assert add_semantic_occupation(unsure, VECTOR, linker) is unsure
    assert linker.texts == ["donne vie habits déchirés"]


@pytest.mark.parametrize("isco", ["7531", "7536"])
def test_the_reason_says_that_the_words_suggest_the_trade(isco: str) -> None:
    understanding = add_semantic_occupation(understood(UNSURE), VECTOR, FixedLinker())
    card = Card(title="Atelier", kind=Kind.EMPLOYMENT, occupations=(isco,))
    [candidate] = rank(understanding, hits([card], [0.7]), COSINES)
    reasons = {reason.code: reason.values for reason in explain(understanding, candidate, 1).reasons}
    assert reasons[ReasonCode.MEANT_OCCUPATION]["code"] == "7531"
    assert not {ReasonCode.OCCUPATION, ReasonCode.RELATED_OCCUPATION} & set(reasons)


def test_before_preparation_trades_come_from_words_alone() -> None:
    semantic = SemanticOccupations(None, None)  # type: ignore[arg-type]
    understanding = understood(UNSURE)
    assert semantic.add_to(understanding, VECTOR) is understanding
    assert not semantic.wait_until_ready()
    semantic.close()
