"""What a ranking is worth, by `ir-measures` (which asks trec_eval)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ir_measures
from ir_measures import AP, RR, R, Success, nDCG

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


def measure_ranking(ranking: Sequence[str], relevant: Mapping[str, int]) -> dict[str, float]:
    """The figures of one query: ids best first, and the relevance of those judged."""
    run = {"query": {id_: float(len(ranking) - place) for place, id_ in enumerate(ranking)}}
    found = ir_measures.iter_calc(list(_MEASURE_NAMES), {"query": dict(relevant)}, run)
    return {_MEASURE_NAMES[one.measure]: one.value for one in found}
