"""Trades told by meaning: only for whoever names none surely, and never as their trade."""

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


class Always(SemanticLinker):
    """Hears a tailor in whatever is said, and remembers what it was."""

    __slots__ = ("heard",)

    def __init__(self, isco: str = "7531") -> None:
        found = occupations.get(isco)
        assert found is not None
        object.__setattr__(self, "heard", [])
        object.__setattr__(self, "names", (found,))

    def link(self, words: str, embedding: Vector) -> OccupationLink | None:
        self.heard.append(words)
        return OccupationLink(self.names[0], 0.8, by_meaning=True)


def of(text: str, **known: Any) -> Understanding:
    return understand(Profile(text=text, **known), NOW)


def test_who_names_no_trade_is_told_the_one_meant_by_their_telling_words() -> None:
    ear = Always()
    before = of(UNSURE)
    told = add_semantic_occupation(before, VECTOR, ear)
    assert [(link.occupation.isco, link.by_meaning) for link in told.occupations][:1] == [("7531", True)]
    assert told.occupations[1:] == before.occupations
    assert ear.heard == ["donne vie habits déchirés"]


@pytest.mark.parametrize(
    "understanding",
    [of("soudeur à Douala"), of(UNSURE, occupations=("7212",)), of("", occupations=("7212",)), of("")],
    ids=["named", "ticked beside words", "ticked", "nothing"],
)
def test_whose_trade_is_known_or_who_says_nothing_is_not_asked_about(understanding: Understanding) -> None:
    ear = Always()
    assert add_semantic_occupation(understanding, VECTOR, ear) is understanding
    assert ear.heard == []


def test_a_trade_that_words_name_unsurely_stays_named_by_words() -> None:
    ear = Always()
    unsure = replace(of(UNSURE), occupations=(OccupationLink(ear.names[0], 0.4),))
    assert add_semantic_occupation(unsure, VECTOR, ear) is unsure
    assert ear.heard == ["donne vie habits déchirés"]


@pytest.mark.parametrize("isco", ["7531", "7536"])
def test_its_reason_says_that_words_suggest_it(isco: str) -> None:
    told = add_semantic_occupation(of(UNSURE), VECTOR, Always())
    card = Card(title="Atelier", kind=Kind.EMPLOYMENT, occupations=(isco,))
    [one] = rank(told, hits([card], [0.7]), COSINES)
    reasons = {reason.code: reason.values for reason in explain(told, one, 1).reasons}
    assert reasons[ReasonCode.MEANT_OCCUPATION]["code"] == "7531"
    assert not {ReasonCode.OCCUPATION, ReasonCode.RELATED_OCCUPATION} & set(reasons)


def test_before_anything_is_prepared_words_tell() -> None:
    meaning = SemanticOccupations(None, None)  # type: ignore[arg-type]
    understanding = of(UNSURE)
    assert meaning.add_to(understanding, VECTOR) is understanding
    assert not meaning.wait_until_ready()
    meaning.close()
