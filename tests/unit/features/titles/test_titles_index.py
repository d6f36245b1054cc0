"""An index scores titles by similarity, groups decide ties, and an adapter of another embedder is refused."""

import numpy as np
import pytest
from titles_factory import SeededEmbedder, random_adapter

from oim.features.titles import TitleMatcher
from oim.features.titles.index import GROUP_WEIGHT
from oim.kit.errors import BadInputError
from oim.kit.i18n import translator

TITLES = ["Soudeur", "soudeuse", "Maçon en pierre", "Cook", "Technicien SAV"]


@pytest.fixture(scope="module")
def matcher() -> TitleMatcher:
    return TitleMatcher(SeededEmbedder(), random_adapter())


def test_a_title_is_most_similar_to_itself(matcher: TitleMatcher) -> None:
    index = matcher.index(TITLES)
    for row, title in enumerate(TITLES):
        scores = index.scores(title)
        assert scores.dtype == np.float32
        assert scores.argmax() == row
        assert scores[row] == pytest.approx(1, abs=1e-5)
        assert (np.abs(scores) <= 1 + 1e-5).all()


def test_the_best_form_of_a_query_counts(matcher: TitleMatcher) -> None:
    scores = matcher.index(TITLES).scores("Soudeur / Soudeuse")
    assert scores[:2] == pytest.approx([1, 1], abs=1e-5)


def test_a_query_in_the_style_of_a_classification_finds_the_plain_label(matcher: TitleMatcher) -> None:
    index = matcher.index(TITLES)
    assert index.scores("Cooks, All Other")[3] == pytest.approx(1, abs=1e-5)
    assert index.scores("Cooks of the town")[3] < 0.99


def test_two_groups_that_share_a_title_are_ordered_by_their_other_titles(matcher: TitleMatcher) -> None:
    texts = ["cook", "cook", "baker", "chef"]
    ungrouped = matcher.index(texts).scores("cook")
    assert ungrouped[0] == ungrouped[1]
    nearer = int(ungrouped[3] > ungrouped[2])
    grouped = matcher.index(texts, ["first", "second", "first", "second"]).scores("cook")
    assert grouped[nearer] > grouped[1 - nearer]


def test_groups_do_not_reorder_titles_that_differ(matcher: TitleMatcher) -> None:
    texts = [f"title number {number}" for number in range(60)]
    groups = [number % 7 for number in range(60)]
    ungrouped, grouped = matcher.index(texts), matcher.index(texts, groups)
    for query in ("title", "number 7", "welder", ""):
        before, after = ungrouped.scores(query), grouped.scores(query)
        assert np.abs(after - before).max() <= GROUP_WEIGHT * 1.01
        surely = before[:, None] - before[None] > 2 * GROUP_WEIGHT
        assert (after[:, None] > after[None])[surely].all()


def test_an_empty_index_gives_no_scores(matcher: TitleMatcher) -> None:
    assert matcher.index([]).scores("soudeur").tolist() == []
    assert matcher.index([], []).scores("soudeur").tolist() == []


@pytest.mark.parametrize("query", ["", " / ", "…", "x" * 1000])
def test_any_query_has_finite_scores(matcher: TitleMatcher, query: str) -> None:
    assert np.isfinite(matcher.index([*TITLES, ""]).scores(query)).all()


def test_titles_are_embedded_in_batches_with_the_same_scores(
    matcher: TitleMatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = matcher.index(TITLES).scores("cook")
    monkeypatch.setattr("oim.features.titles.index.BATCH", 2)
    assert matcher.index(TITLES).scores("cook") == pytest.approx(whole, abs=1e-6)


def test_an_adapter_of_another_embedder_is_refused() -> None:
    with pytest.raises(BadInputError) as refused:
        TitleMatcher(SeededEmbedder(), random_adapter("made:other"))
    error = refused.value
    assert translator("fr")(error.message, **error.values) == (
        "Les intitulés sont appris sur made:other, pas sur made:seeded\u00a0: rétablissez OIM_EMBEDDER_URL."
    )
    assert translator("en")(error.message, **error.values) == (
        "Titles are learned over made:other, not made:seeded: set OIM_EMBEDDER_URL back."
    )
