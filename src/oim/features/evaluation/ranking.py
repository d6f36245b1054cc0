"""A system's scores as a ranking: every element on its own, best first, cut at a depth.

Scores equal to five decimals are a tie, and of a tie the greater id comes first: so the authors of MELO write
scores and so trec_eval orders them, so that our figures stand beside theirs. An element scored minus infinity
was not found, and is not in the ranking.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from oim.features.matching.types import Vector

SCORE_DECIMALS = 5


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
