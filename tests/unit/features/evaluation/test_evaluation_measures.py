"""The measures against values computed by hand."""

from math import log2

import pytest

from oim.features.evaluation import MEASURES
from oim.features.evaluation.measures import measure_ranking
from oim.features.evaluation.service import EvaluationReport

GAIN = {rank: 1 / log2(rank + 1) for rank in range(1, 12)}


@pytest.mark.parametrize(
    ("ranking", "relevant", "expected"),
    [
        (["a", "b"], {"a": 1}, (1, 1, 1, 1, 1, 1, 1)),
        (["b", "a"], {"a": 1}, (1 / 2, 1 / 2, GAIN[2], 1, 0, 1, 1)),
        (
            ["x", "a", "y", "b"],  # two of three found, at 2 and 4
            {"a": 1, "b": 1, "c": 1},
            (1 / 2, (1 / 2 + 2 / 4) / 3, (GAIN[2] + GAIN[4]) / (GAIN[1] + GAIN[2] + GAIN[3]), 2 / 3, 0, 1, 1),
        ),
        ([*"tuvwxyz", "a"], {"a": 1}, (1 / 8, 1 / 8, GAIN[8], 1, 0, 0, 1)),
        ([*"opqrstuvwxyz", "a"], {"a": 1}, (1 / 13, 1 / 13, 0, 0, 0, 0, 0)),
        (["b", "a"], {"a": 1, "b": 0}, (1 / 2, 1 / 2, GAIN[2], 1, 0, 1, 1)),
        ([], {"a": 1}, (0, 0, 0, 0, 0, 0, 0)),
    ],
    ids=["first", "second", "some", "eighth", "beyond ten", "judged irrelevant", "nothing found"],
)
def test_the_figures_of_one_query_match_those_computed_by_hand(
    ranking: list[str], relevant: dict[str, int], expected: tuple[float, ...]
) -> None:
    assert measure_ranking(ranking, relevant) == pytest.approx(dict(zip(MEASURES, expected, strict=True)))


def test_figures_are_means_and_times_are_percentiles() -> None:
    queries = {
        "q1": measure_ranking(["a"], {"a": 1}),
        "q2": measure_ranking(["b", "a"], {"a": 1}),
        "q3": measure_ranking([], {"a": 1}),
    }
    report = EvaluationReport(queries, tuple(float(ms) for ms in range(101)))
    assert report.mean_figures()["MRR"] == pytest.approx((1 + 1 / 2 + 0) / 3)
    assert report.mean_figures(["q1", "q2"])["success@1"] == pytest.approx(1 / 2)
    assert report.time_percentiles() == {"p50_ms": 50.0, "p95_ms": 95.0}
