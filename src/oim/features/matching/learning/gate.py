"""The gate: whether a new ranker surely beats what is in force, on lists later than those it learned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from oim.features.matching.learning.events import ShownList, ShownOffer
from oim.features.matching.learning.propensity import MAX_POSITION
from oim.features.matching.learning.training_data import score_lists
from oim.features.matching.ranking import Scorer

Floats = npt.NDArray[np.float64]
NDCG_CUTOFF = 10
BOOTSTRAP_SAMPLES = 1000
CONFIDENCE = 0.95  # one-sided, by bootstrap over lists
MIN_GAIN = 0.005  # of nDCG@10: less is not worth a switch


@dataclass(frozen=True, slots=True)
class ScorerComparison:
    """Held-out nDCG@10, corrected for position, and the surest least gain."""

    new: float
    in_force: float
    least_gain: float

    @property
    def passes_gate(self) -> bool:
        return self.least_gain > MIN_GAIN


def compare_scorers(
    lists: Sequence[ShownList], new_scorer: Scorer, current_scorer: Scorer, propensities: Floats
) -> ScorerComparison:
    """Both on the same lists; `looked`: the propensity of each position."""
    first, second = (
        compute_ndcg(lists, new_scorer, propensities),
        compute_ndcg(lists, current_scorer, propensities),
    )
    dice = np.random.default_rng(1)
    gains = first - second
    drawn = gains[dice.integers(0, len(gains), (BOOTSTRAP_SAMPLES, len(gains)))].mean(axis=1)
    return ScorerComparison(
        float(first.mean()), float(second.mean()), float(np.quantile(drawn, 1 - CONFIDENCE))
    )


def compute_ndcg(lists: Sequence[ShownList], scorer: Scorer, propensities: Floats) -> Floats:
    """nDCG@10 of each list, each gain weighted by the inverse propensity of where it was shown."""
    return np.array([
        _ndcg(np.array([_debias_gain(offer, propensities) for offer in one.offers]), score)
        for one, score in zip(lists, score_lists(lists, scorer), strict=True)
    ])  # fmt: skip


def _debias_gain(offer: ShownOffer, propensities: Floats) -> float:
    return float((2.0**offer.gain - 1) / propensities[min(offer.position, MAX_POSITION) - 1])


def _ndcg(gains: Floats, score: Floats) -> float:
    """Offers of one score share the gains of their positions: a tie is worth no luck."""
    discounts = 1 / np.log2(np.arange(2, len(gains) + 2))
    discounts[NDCG_CUTOFF:] = 0
    _, tied = np.unique(-score, return_inverse=True)
    order = np.argsort(tied, kind="stable")
    mean = np.bincount(tied, gains) / np.bincount(tied)
    return float(mean[tied[order]] @ discounts / (np.sort(gains)[::-1] @ discounts))
