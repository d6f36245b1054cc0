"""Evaluation of a ranker on a set: run every query alone, measure its ranking and its time."""

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
WARM_UP_QUERIES = 20  # queries run before any is timed, so that loading and caches do not count


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """The figures of each query by its id, and the milliseconds that each took, in the same order."""

    figures_by_query: dict[str, dict[str, float]]
    durations_ms: tuple[float, ...]

    def mean_figures(self, query_ids: Iterable[str] | None = None) -> dict[str, float]:
        """The mean of each measure over all queries, or over those with the given ids."""
        selected = [
            self.figures_by_query[key] for key in (self.figures_by_query if query_ids is None else query_ids)
        ]
        return {name: fmean(figures[name] for figures in selected) for name in MEASURES}

    def time_percentiles(self) -> dict[str, float]:
        """The median and the 95th percentile of the milliseconds per query."""
        return {f"p{share}_ms": float(np.percentile(self.durations_ms, share)) for share in (50, 95)}


def evaluate(
    evaluation_set: EvaluationSet, ranker: Ranker, depth: int, on_progress: Callable[[int], None]
) -> EvaluationReport:
    """Run every judged query. `on_progress` is called with the number of queries done.

    A query's time covers embedding it, scoring the whole corpus and sorting the best `depth` elements.
    """
    sorter = ScoreSorter(evaluation_set.ids, depth)
    for text in islice(evaluation_set.queries.values(), WARM_UP_QUERIES):
        sorter.top_ids(ranker.scores(text))
    figures, durations = {}, []
    for done, (key, text) in enumerate(evaluation_set.queries.items(), start=1):
        started = perf_counter()
        best = sorter.top_ids(ranker.scores(text))
        durations.append((perf_counter() - started) * 1000)
        # After the clock has stopped: measuring is no part of a search.
        figures[key] = measure_ranking(best, evaluation_set.relevant[key])
        on_progress(done)
    return EvaluationReport(figures, tuple(durations))


def find_hard_queries(evaluation_set: EvaluationSet) -> list[str]:
    """The ids of the hard queries: those of which no gender form has just the words of some element.

    The others can be answered by comparing words.
    """
    labels = {_word_set(text) for text in evaluation_set.texts}
    return [
        key
        for key, text in evaluation_set.queries.items()
        if labels.isdisjoint(map(_word_set, split_genders(text)))
    ]


def _word_set(text: str) -> frozenset[str]:
    """The folded words of a text, without their order."""
    return frozenset(_WORD.findall(fold(text)))
