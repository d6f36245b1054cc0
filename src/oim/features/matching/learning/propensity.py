"""How likely each position is looked at, estimated from the events themselves.

Regression-EM of Wang and others, "Position Bias Estimation for Unbiased Learning to Rank in Personal Search"
(WSDM 2018): what is taken at a position is its examination times the relevance that the features foretell. It
tells them apart because alike offers stand at different positions: for different people, and by lot among
equals.
"""

from __future__ import annotations

import lightgbm as lgb
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
EM_ROUNDS = 10
MIN_PROPENSITY = 0.05  # no propensity is taken to be less: one event must not count for a hundred
MAX_POSITION = 20  # those beyond count as the last
RELEVANCE_PARAMETERS = {
    "objective": "cross_entropy",
    "num_leaves": 8,
    "learning_rate": 0.2,
    "min_data_in_leaf": 20,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "seed": 1,
    "verbosity": -1,
}


def estimate_propensities(
    features: Floats, positions: npt.NDArray[np.int64], has_gain: npt.NDArray[np.bool_]
) -> Floats:
    """Of positions 1 to `POSITIONS`, that of the first being 1. Rows are offers shown."""
    places = np.minimum(positions, MAX_POSITION - 1)
    counts = np.maximum(np.bincount(places, minlength=MAX_POSITION), 1)
    looked = 1.0 / np.arange(1, MAX_POSITION + 1)
    relevant = np.full(len(has_gain), float(np.clip(has_gain.mean(), 0.01, 0.5)))
    for _ in range(EM_ROUNDS):
        seen = looked[places]
        nothing = 1 - seen * relevant
        seen_given = np.where(has_gain, 1.0, seen * (1 - relevant) / nothing)
        relevant_given = np.where(has_gain, 1.0, relevant * (1 - seen) / nothing)
        looked = np.bincount(places, seen_given, MAX_POSITION) / counts
        looked = np.clip(looked / max(looked[0], MIN_PROPENSITY), MIN_PROPENSITY, 1.0)
        data = lgb.Dataset(features, relevant_given, params=RELEVANCE_PARAMETERS, free_raw_data=False)
        relevant = np.clip(
            np.asarray(lgb.train(RELEVANCE_PARAMETERS, data, 20).predict(features)), 0.001, 0.999
        )
    return np.asarray(looked, np.float64)
