"""Lists shown, as arrays to learn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from oim.features.matching.learning.events import ShownList
from oim.features.matching.ranking import WEIGHTS, Scorer

FEATURE_NAMES = tuple(WEIGHTS)
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TrainingData:
    """One row an offer shown, lists after one another; a feature that was not told is NaN."""

    features: Floats
    positions: npt.NDArray[np.int64]  # from 0
    gains: npt.NDArray[np.int64]
    sizes: npt.NDArray[np.int64]  # rows of each list


def build_training_data(lists: Sequence[ShownList]) -> TrainingData:
    """The rows of these lists."""
    offers = [offer for one in lists for offer in one.offers]
    return TrainingData(
        np.array([[offer.features.get(name, np.nan) for name in FEATURE_NAMES] for offer in offers]).reshape(
            -1, len(FEATURE_NAMES)
        ),
        np.array([offer.position - 1 for offer in offers], np.int64),
        np.array([offer.gain for offer in offers], np.int64),
        np.array([len(one.offers) for one in lists], np.int64),
    )


def score_lists(lists: Sequence[ShownList], scorer: Scorer) -> list[Floats]:
    """Of each offer of each list."""
    return [
        np.array([sum(parts.values()) for parts in scorer([offer.features for offer in one.offers])])
        for one in lists
    ]
