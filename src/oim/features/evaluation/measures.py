"""What a ranking is worth, by `ir-measures` (which asks trec_eval)."""

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
SCORE_DECIMALS = 5


def measure_ranking(ranking: Sequence[str], relevant: Mapping[str, int]) -> dict[str, float]:
    """The figures of one query: ids best first, and the relevance of those judged."""
    run = {"query": {id_: float(len(ranking) - place) for place, id_ in enumerate(ranking)}}
    found = ir_measures.iter_calc(list(_MEASURE_NAMES), {"query": dict(relevant)}, run)
    return {_MEASURE_NAMES[one.measure]: one.value for one in found}


class ScoreSorter:
    """Orders the elements of one corpus."""

    def __init__(self, ids: Sequence[str], depth: int) -> None:
        self._ids = ids
        self._depth = depth
        self._tie_order = np.empty(len(ids), np.int64)
        self._tie_order[sorted(range(len(ids)), key=ids.__getitem__, reverse=True)] = np.arange(len(ids))

    def top_ids(self, scores: Vector) -> list[str]:
        """The ids of the best elements, at most `depth`."""
        rounded = np.round(scores.astype(np.float64), SCORE_DECIMALS)
        kept = np.flatnonzero(rounded >= self._lowest_score(rounded))
        order = np.lexsort((self._tie_order[kept], -rounded[kept]))[: self._depth]
        return [self._ids[place] for place in kept[order]]

    def _lowest_score(self, rounded: np.ndarray) -> float:
        """The score of the last element kept: ties with it are decided by id."""
        if len(rounded) <= self._depth:
            return float(np.finfo(np.float64).min)
        least = np.partition(rounded, -self._depth)[-self._depth]
        return max(float(least), float(np.finfo(np.float64).min))


@dataclass(frozen=True, slots=True)
class PublishedFigures:
    """A system's figures, and who published them."""

    system: str
    figures: dict[str, float]
    source: str


def load_published_figures(name: str) -> list[PublishedFigures]:
    """What was published for the set of a name, weakest first."""
    text = (resources.files("oim.features.evaluation") / "published.csv").read_text("utf-8")
    found = [
        PublishedFigures(row["system"], {measure: float(row[measure]) for measure in MEASURES}, row["source"])
        for row in csv.DictReader(text.splitlines())
        if row["set"] == name
    ]
    return sorted(found, key=lambda one: one.figures["MRR"])
