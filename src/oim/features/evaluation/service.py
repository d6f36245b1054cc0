"""A system evaluated on a set: every query asked one by one, its ranking measured, its time taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from statistics import fmean
from time import perf_counter

import numpy as np

from oim.features.evaluation.measures import MEASURES, measure
from oim.features.evaluation.ranking import Ranking
from oim.features.evaluation.sets import EvaluationSet
from oim.features.evaluation.systems import Ranker
from oim.features.titles.genders import genders
from oim.kit.text import fold

_WORD = re.compile(r"\w+")
WARM_UP = 20  # queries asked once before any is timed


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of each query, and how many milliseconds each took, in one order."""

    queries: dict[str, dict[str, float]]
    took_ms: tuple[float, ...]

    def figures(self, among: Iterable[str] | None = None) -> dict[str, float]:
        """Means over all queries, or some of them."""
        some = [self.queries[key] for key in (self.queries if among is None else among)]
        return {name: fmean(one[name] for one in some) for name in MEASURES}

    def times(self) -> dict[str, float]:
        """Milliseconds a query."""
        return {f"p{share}_ms": float(np.percentile(self.took_ms, share)) for share in (50, 95)}


def evaluate(given: EvaluationSet, ranker: Ranker, depth: int, progress: Callable[[int], None]) -> Report:
    """Ask every judged query; `progress` hears how many are done.

    The time of a query is that of embedding it, scoring the whole corpus and ordering the best.
    """
    ranking = Ranking(given.ids, depth)
    for text in islice(given.queries.values(), WARM_UP):
        ranking.best(ranker.scores(text))
    figures, took = {}, []
    for done, (key, text) in enumerate(given.queries.items(), start=1):
        started = perf_counter()
        best = ranking.best(ranker.scores(text))
        took.append((perf_counter() - started) * 1000)
        figures[key] = measure(best, given.relevant[key])
        progress(done)
    return Report(figures, tuple(took))


def unlike_any(given: EvaluationSet) -> list[str]:
    """The queries whose words, in neither form, are those of an element: the hard part of a set."""
    labels = {_said(text) for text in given.texts}
    return [key for key, text in given.queries.items() if labels.isdisjoint(map(_said, genders(text)))]


def _said(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(fold(text)))
