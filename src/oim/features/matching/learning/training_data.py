"""Shown lists as arrays for training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from oim.features.matching.learning.events import ShownList
from oim.features.matching.ranking import WEIGHTS, Scorer

FEATURE_NAMES = tuple(WEIGHTS)  # the order of the columns
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TrainingData:
    """One row for each shown offer, list after list."""

    features: Floats  # NaN for a feature that was not known: LightGBM treats it as missing
    positions: npt.NDArray[np.int64]  # from 0
    gains: npt.NDArray[np.int64]
    sizes: npt.NDArray[np.int64]  # number of rows of each list


def build_training_data(lists: Sequence[ShownList]) -> TrainingData:
    """Build the arrays of these lists."""
    offers = [offer for shown_list in lists for offer in shown_list.offers]
    return TrainingData(
        # Reshaped, so that no lists at all still give an array of the right width.
        np.array([[offer.features.get(name, np.nan) for name in FEATURE_NAMES] for offer in offers]).reshape(
            -1, len(FEATURE_NAMES)
        ),
        np.array([offer.position - 1 for offer in offers], np.int64),
        np.array([offer.gain for offer in offers], np.int64),
        np.array([len(shown_list.offers) for shown_list in lists], np.int64),
    )


def score_lists(lists: Sequence[ShownList], scorer: Scorer) -> list[Floats]:
    """The score of each offer of each list by a scorer."""
    return [
        np.array([sum(parts.values()) for parts in scorer([offer.features for offer in shown_list.offers])])
        for shown_list in lists
    ]
