"""Scores sorted into a ranking: order, ties, depth, and elements not found."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oim.features.evaluation.measures import ScoreSorter

NOT_FOUND = float("-inf")


@pytest.mark.parametrize(
    ("scores", "depth", "expected"),
    [
        ([0.1, 0.3, 0.2], 3, ["b", "c", "a"]),
        ([0.1, 0.3, 0.2], 2, ["b", "c"]),
        ([0.5, 0.5, 0.5], 3, ["c", "b", "a"]),
        ([0.5, 0.5, 0.5], 1, ["c"]),
        ([0.500001, 0.500002, 0.5], 3, ["c", "b", "a"]),
        ([0.50001, 0.50003, 0.5], 3, ["b", "a", "c"]),
        ([NOT_FOUND, 0.2, NOT_FOUND], 3, ["b"]),
        ([NOT_FOUND, NOT_FOUND, NOT_FOUND], 2, []),
        ([-1.0, -3.0, -2.0], 2, ["a", "c"]),
    ],
    ids=[
        "order",
        "cut",
        "ties",
        "tie at the cut",
        "sixth decimal",
        "fifth decimal",
        "some",
        "none",
        "negative",
    ],
)
def test_the_best_elements_come_first_and_ties_by_greater_id(
    scores: list[float], depth: int, expected: list[str]
) -> None:
    assert ScoreSorter("abc", depth).top_ids(np.array(scores, np.float32)) == expected


@given(st.lists(st.integers(0, 5), min_size=1, max_size=40), st.integers(1, 45))
def test_a_cut_ranking_is_the_beginning_of_the_whole_one(scores: list[int], depth: int) -> None:
    ids = [f"e{place:02}" for place in range(len(scores))]
    score_array = np.array(scores, np.float32)
    whole = [id_ for _, id_ in sorted(zip(scores, ids, strict=True), reverse=True)]
    assert ScoreSorter(ids, depth).top_ids(score_array) == whole[:depth]
