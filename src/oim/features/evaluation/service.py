"""A system evaluated on a set: every query asked one by one, its ranking measured, its time taken."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from statistics import fmean
from time import perf_counter

import numpy as np

from oim.features.evaluation.measures import MEASURES, ScoreSorter, measure_ranking
from oim.features.evaluation.sets import EvaluationSet
from oim.features.evaluation.systems import Ranker
from oim.features.titles import split_genders
from oim.kit.text import fold

_WORD = re.compile(r"\w+")
WARM_UP_QUERIES = 20  # queries asked once before any is timed


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """The figures of each query, and how many milliseconds each took, in one order."""

    figures_by_query: dict[str, dict[str, float]]
    durations_ms: tuple[float, ...]

    def mean_figures(self, query_ids: Iterable[str] | None = None) -> dict[str, float]:
        """Means over all queries, or some of them."""
        some = [
            self.figures_by_query[key] for key in (self.figures_by_query if query_ids is None else query_ids)
        ]
        return {name: fmean(one[name] for one in some) for name in MEASURES}

    def time_percentiles(self) -> dict[str, float]:
        """Milliseconds a query."""
        return {f"p{share}_ms": float(np.percentile(self.durations_ms, share)) for share in (50, 95)}


def evaluate(
    evaluation_set: EvaluationSet, ranker: Ranker, depth: int, progress: Callable[[int], None]
) -> EvaluationReport:
    """Ask every judged query; `progress` hears how many are done.

    The time of a query is that of embedding it, scoring the whole corpus and ordering the best.
    """
    ranking = ScoreSorter(evaluation_set.ids, depth)
    for text in islice(evaluation_set.queries.values(), WARM_UP_QUERIES):
        ranking.top_ids(ranker.scores(text))
    figures, took = {}, []
    for done, (key, text) in enumerate(evaluation_set.queries.items(), start=1):
        started = perf_counter()
        best = ranking.top_ids(ranker.scores(text))
        took.append((perf_counter() - started) * 1000)
        figures[key] = measure_ranking(best, evaluation_set.relevant[key])
        progress(done)
    return EvaluationReport(figures, tuple(took))


def find_hard_queries(evaluation_set: EvaluationSet) -> list[str]:
    """The queries whose words, in neither form, are those of an element: the hard part of a set."""
    labels = {_word_set(text) for text in evaluation_set.texts}
    return [
        key
        for key, text in evaluation_set.queries.items()
        if labels.isdisjoint(map(_word_set, split_genders(text)))
    ]


def _word_set(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(fold(text)))
