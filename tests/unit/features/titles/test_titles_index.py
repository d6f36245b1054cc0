"""Titles made searchable: scores, ties parted by groups, refusals."""

import numpy as np
import pytest
from titles_factory import MadeEmbedder, made_adapter

from oim.features.titles import TitleMatcher
from oim.features.titles.index import GROUP_WEIGHT
from oim.kit.errors import BadInputError
from oim.kit.i18n import translator

TITLES = ["Soudeur", "soudeuse", "Maçon en pierre", "Cook", "Technicien SAV"]


@pytest.fixture(scope="module")
def matcher() -> TitleMatcher:
    return TitleMatcher(MadeEmbedder(), made_adapter())


def test_a_title_is_most_like_itself(matcher: TitleMatcher) -> None:
    index = matcher.index(TITLES)
    for at, title in enumerate(TITLES):
        found = index.scores(title)
        assert found.dtype == np.float32
        assert found.argmax() == at
        assert found[at] == pytest.approx(1, abs=1e-5)
        assert (np.abs(found) <= 1 + 1e-5).all()


def test_the_best_form_of_a_query_counts(matcher: TitleMatcher) -> None:
    found = matcher.index(TITLES).scores("Soudeur / Soudeuse")
    assert found[:2] == pytest.approx([1, 1], abs=1e-5)


def test_a_query_for_a_register_finds_the_plain_label(matcher: TitleMatcher) -> None:
    index = matcher.index(TITLES)
    assert index.scores("Cooks, All Other")[3] == pytest.approx(1, abs=1e-5)
    assert index.scores("Cooks of the town")[3] < 0.99


def test_names_that_two_things_share_are_parted_by_their_other_names(matcher: TitleMatcher) -> None:
    texts = ["cook", "cook", "baker", "chef"]
    alone = matcher.index(texts).scores("cook")
    assert alone[0] == alone[1]
    nearer = int(alone[3] > alone[2])
    found = matcher.index(texts, ["first", "second", "first", "second"]).scores("cook")
    assert found[nearer] > found[1 - nearer]


def test_groups_reorder_nothing_that_differs(matcher: TitleMatcher) -> None:
    texts = [f"title number {number}" for number in range(60)]
    groups = [number % 7 for number in range(60)]
    bare, told = matcher.index(texts), matcher.index(texts, groups)
    for query in ("title", "number 7", "welder", ""):
        before, after = bare.scores(query), told.scores(query)
        assert np.abs(after - before).max() <= GROUP_WEIGHT * 1.01
        surely = before[:, None] - before[None] > 2 * GROUP_WEIGHT
        assert (after[:, None] > after[None])[surely].all()


def test_no_titles_have_no_scores(matcher: TitleMatcher) -> None:
    assert matcher.index([]).scores("soudeur").tolist() == []
    assert matcher.index([], []).scores("soudeur").tolist() == []


@pytest.mark.parametrize("query", ["", " / ", "…", "x" * 1000])
def test_any_query_has_finite_scores(matcher: TitleMatcher, query: str) -> None:
    assert np.isfinite(matcher.index([*TITLES, ""]).scores(query)).all()


def test_more_titles_than_one_call_embeds(matcher: TitleMatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = matcher.index(TITLES).scores("cook")
    monkeypatch.setattr("oim.features.titles.index.BATCH", 2)
    assert matcher.index(TITLES).scores("cook") == pytest.approx(whole, abs=1e-6)


def test_an_adapter_of_another_embedder_is_refused() -> None:
    with pytest.raises(BadInputError) as refused:
        TitleMatcher(MadeEmbedder(), made_adapter("made:other"))
    error = refused.value
    assert translator("fr")(error.message, **error.values) == (
        "Les intitulés sont appris sur made:other, pas sur made:seeded\u00a0: rétablissez OIM_EMBEDDER_URL."
    )
    assert translator("en")(error.message, **error.values) == (
        "Titles are learned over made:other, not made:seeded: set OIM_EMBEDDER_URL back."
    )
