"""The gate: whether a new ranker surely beats what is in force, on lists later than those it learned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from oim.features.matching.learning.events import Shown, ShownList
from oim.features.matching.learning.propensity import POSITIONS
from oim.features.matching.learning.training_data import scores
from oim.features.matching.ranking import Scorer

Floats = npt.NDArray[np.float64]
CUT = 10
DRAWS = 1000
CONFIDENCE = 0.95  # one-sided, by bootstrap over lists
MARGIN = 0.005  # of nDCG@10: less is not worth a switch


@dataclass(frozen=True, slots=True)
class Verdict:
    """Held-out nDCG@10, corrected for position, and the surest least gain."""

    new: float
    in_force: float
    least_gain: float

    @property
    def passed(self) -> bool:
        return self.least_gain > MARGIN


def judge(lists: Sequence[ShownList], new: Scorer, in_force: Scorer, looked: Floats) -> Verdict:
    """Both on the same lists; `looked`: the propensity of each position."""
    first, second = ndcg(lists, new, looked), ndcg(lists, in_force, looked)
    dice = np.random.default_rng(1)
    gains = first - second
    drawn = gains[dice.integers(0, len(gains), (DRAWS, len(gains)))].mean(axis=1)
    return Verdict(float(first.mean()), float(second.mean()), float(np.quantile(drawn, 1 - CONFIDENCE)))


def ndcg(lists: Sequence[ShownList], scorer: Scorer, looked: Floats) -> Floats:
    """nDCG@10 of each list, each gain weighted by the inverse propensity of where it was shown."""
    return np.array([
        _ndcg(np.array([_worth(offer, looked) for offer in one.offers]), score)
        for one, score in zip(lists, scores(lists, scorer), strict=True)
    ])  # fmt: skip


def _worth(offer: Shown, looked: Floats) -> float:
    return float((2.0**offer.gain - 1) / looked[min(offer.position, POSITIONS) - 1])


def _ndcg(gains: Floats, score: Floats) -> float:
    """Offers of one score share the gains of their positions: a tie is worth no luck."""
    discounts = 1 / np.log2(np.arange(2, len(gains) + 2))
    discounts[CUT:] = 0
    _, tied = np.unique(-score, return_inverse=True)
    order = np.argsort(tied, kind="stable")
    mean = np.bincount(tied, gains) / np.bincount(tied)
    return float(mean[tied[order]] @ discounts / (np.sort(gains)[::-1] @ discounts))
