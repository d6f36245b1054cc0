"""How likely each position of a list is looked at (its propensity), estimated from the events themselves.

Regression-EM of Wang and others, "Position Bias Estimation for Unbiased Learning to Rank in Personal Search"
(WSDM 2018): the probability of feedback at a position is the probability that the position is looked at,
times the relevance that the features predict. The two can be separated because similar offers are shown at
different positions: to different people, and by chance among offers of equal score.
"""

from __future__ import annotations

import lightgbm as lgb
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
EM_ROUNDS = 10
MIN_PROPENSITY = 0.05  # lower estimates are raised to it: one event must not count for a hundred
MAX_POSITION = 20  # later positions count as this one
RELEVANCE_PARAMETERS = {
    "objective": "cross_entropy",
    "num_leaves": 8,
    "learning_rate": 0.2,
    "min_data_in_leaf": 20,
    # One thread and a fixed seed: the same events give the same estimate on any machine.
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "seed": 1,
    "verbosity": -1,
}


def estimate_propensities(
    features: Floats, positions: npt.NDArray[np.int64], has_gain: npt.NDArray[np.bool_]
) -> Floats:
    """The propensity of each position up to `MAX_POSITION`, relative to that of the first, which is 1.

    Rows are shown offers; `positions` start at 0, and `has_gain` says whether anything came of the offer.
    """
    places = np.minimum(positions, MAX_POSITION - 1)
    counts = np.maximum(np.bincount(places, minlength=MAX_POSITION), 1)
    # EM starts from attention that falls as 1/position, and from equal relevance of all offers.
    propensities = 1.0 / np.arange(1, MAX_POSITION + 1)
    relevance = np.full(len(has_gain), float(np.clip(has_gain.mean(), 0.01, 0.5)))
    for _ in range(EM_ROUNDS):
        # E-step: an offer with feedback was looked at and relevant. One without was missing at least one of
        # the two; Bayes' rule gives the probability of each from the current estimates.
        examination = propensities[places]
        no_feedback = 1 - examination * relevance
        examined = np.where(has_gain, 1.0, examination * (1 - relevance) / no_feedback)
        relevant = np.where(has_gain, 1.0, relevance * (1 - examination) / no_feedback)
        # M-step: the mean for each position, and a new regression of relevance on the features.
        propensities = np.bincount(places, examined, MAX_POSITION) / counts
        propensities = np.clip(propensities / max(propensities[0], MIN_PROPENSITY), MIN_PROPENSITY, 1.0)
        data = lgb.Dataset(features, relevant, params=RELEVANCE_PARAMETERS, free_raw_data=False)
        # Clipped away from 0 and 1, where `no_feedback` could become 0.
        relevance = np.clip(
            np.asarray(lgb.train(RELEVANCE_PARAMETERS, data, 20).predict(features, num_threads=1)),
            0.001,
            0.999,
        )
    return np.asarray(propensities, np.float64)
