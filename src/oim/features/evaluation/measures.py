"""Rankings of scored elements, their quality by `ir-measures` (which runs trec_eval), and published figures.

Ties are decided as by the authors of the MELO benchmark, who write scores with five decimals, and by
trec_eval, which puts the greater id first: so our figures are comparable with theirs.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

import ir_measures
import numpy as np
from ir_measures import AP, RR, R, Success, nDCG

from oim.features.matching import Vector

MEASURES = {
    "MRR": RR,
    "MAP": AP,
    "nDCG@10": nDCG @ 10,
    "R@10": R @ 10,
    "success@1": Success @ 1,
    "success@5": Success @ 5,
    "success@10": Success @ 10,
}
_MEASURE_NAMES = {measure: name for name, measure in MEASURES.items()}
SCORE_DECIMALS = 5  # scores equal up to here are a tie


def measure_ranking(ranking: Sequence[str], relevant: Mapping[str, int]) -> dict[str, float]:
    """Measure one query: by `MEASURES`, from the ids best first and the relevance of the judged ids."""
    # trec_eval sorts by score itself, so the ranks are given as falling scores without ties.
    run = {"query": {id_: float(len(ranking) - position) for position, id_ in enumerate(ranking)}}
    metrics = ir_measures.iter_calc(list(_MEASURE_NAMES), {"query": dict(relevant)}, run)
    return {_MEASURE_NAMES[metric.measure]: metric.value for metric in metrics}


class ScoreSorter:
    """Sorts the scored elements of a corpus into rankings, best first.

    Of elements with equal scores the greater id comes first. An element scored minus infinity was not found
    and is left out.
    """

    def __init__(self, ids: Sequence[str], depth: int) -> None:
        """`ids` are those of the elements, in the order of the scores; a ranking holds at most `depth`."""
        self._ids = ids
        self._depth = depth
        # For each element, its position when sorted by falling id: computed once for all queries.
        self._tie_order = np.empty(len(ids), np.int64)
        self._tie_order[sorted(range(len(ids)), key=ids.__getitem__, reverse=True)] = np.arange(len(ids))

    def top_ids(self, scores: Vector) -> list[str]:
        """The ids of the elements with the best scores, at most `depth`."""
        rounded = np.round(scores.astype(np.float64), SCORE_DECIMALS)
        # Only those above the cut are sorted, not the whole corpus for every query.
        candidates = np.flatnonzero(rounded >= self._lowest_score(rounded))
        # lexsort takes its last key first: by score, then by the order of ties.
        order = np.lexsort((self._tie_order[candidates], -rounded[candidates]))[: self._depth]
        return [self._ids[index] for index in candidates[order]]

    def _lowest_score(self, rounded: np.ndarray) -> float:
        """The score of the last element of the ranking; more elements may tie with it."""
        # The lowest finite number excludes minus infinity, that is the elements not found.
        lowest_finite = float(np.finfo(np.float64).min)
        if len(rounded) <= self._depth:
            return lowest_finite
        cut_score = np.partition(rounded, -self._depth)[-self._depth]
        return max(float(cut_score), lowest_finite)


@dataclass(frozen=True, slots=True)
class PublishedFigures:
    """The figures of another system, by measure, and the publication they come from."""

    system: str
    figures: dict[str, float]
    source: str


def load_published_figures(name: str) -> list[PublishedFigures]:
    """The figures that others published for the set of a name, the weakest system first, by MRR.

    They are in `published.csv`; empty for a set without any.
    """
    text = (resources.files("oim.features.evaluation") / "published.csv").read_text("utf-8")
    published = [
        PublishedFigures(row["system"], {measure: float(row[measure]) for measure in MEASURES}, row["source"])
        for row in csv.DictReader(text.splitlines())
        if row["set"] == name
    ]
    return sorted(published, key=lambda system: system.figures["MRR"])
