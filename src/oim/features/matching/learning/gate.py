"""The gate: put a new ranker in force only if it clearly beats the current one on later lists.

The lists compared are later than those that the new ranker was trained on.
"""

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
MIN_GAIN = 0.005  # of nDCG@10: a smaller gain is not worth a switch


@dataclass(frozen=True, slots=True)
class ScorerComparison:
    """nDCG@10 of two scorers on held-out lists, corrected for position, and the lower bound of the gain."""

    # The field names are written to a ranker's card.
    new: float
    in_force: float
    least_gain: float

    @property
    def passes_gate(self) -> bool:
        """Whether even the lower bound of the gain is worth a switch."""
        return self.least_gain > MIN_GAIN


def compare_scorers(
    lists: Sequence[ShownList], new_scorer: Scorer, current_scorer: Scorer, propensities: Floats
) -> ScorerComparison:
    """Compare two scorers on the same lists; `propensities`: see `estimate_propensities`."""
    new_ndcg, current_ndcg = (
        compute_ndcg(lists, new_scorer, propensities),
        compute_ndcg(lists, current_scorer, propensities),
    )
    # A fixed seed: the same lists give the same verdict.
    generator = np.random.default_rng(1)
    # Paired: both scorers on the same list, so that how hard a list is cancels out.
    gains = new_ndcg - current_ndcg
    # One row of list numbers for each bootstrap sample, drawn with replacement.
    samples = gains[generator.integers(0, len(gains), (BOOTSTRAP_SAMPLES, len(gains)))].mean(axis=1)
    return ScorerComparison(
        float(new_ndcg.mean()), float(current_ndcg.mean()), float(np.quantile(samples, 1 - CONFIDENCE))
    )


def compute_ndcg(lists: Sequence[ShownList], scorer: Scorer, propensities: Floats) -> Floats:
    """nDCG@10 of each list, each gain weighted by the inverse propensity of the position it was shown at."""
    return np.array([
        _ndcg(np.array([_debias_gain(offer, propensities) for offer in shown_list.offers]), scores)
        for shown_list, scores in zip(lists, score_lists(lists, scorer), strict=True)
    ])  # fmt: skip


def _debias_gain(offer: ShownOffer, propensities: Floats) -> float:
    """The exponential gain of an offer, divided by how likely its position is looked at."""
    return float((2.0**offer.gain - 1) / propensities[min(offer.position, MAX_POSITION) - 1])


def _ndcg(gains: Floats, scores: Floats) -> float:
    """nDCG@10 of one list. Offers of equal score share the gains of their positions: luck counts nothing."""
    discounts = 1 / np.log2(np.arange(2, len(gains) + 2))
    discounts[NDCG_CUTOFF:] = 0
    # `tied` numbers the distinct scores from the highest; equal scores get one number.
    _, tied = np.unique(-scores, return_inverse=True)
    order = np.argsort(tied, kind="stable")
    mean = np.bincount(tied, gains) / np.bincount(tied)
    # Divided by the ideal: all gains in falling order.
    return float(mean[tied[order]] @ discounts / (np.sort(gains)[::-1] @ discounts))
