"""LambdaMART on lists shown, additive and monotone so that its reasons are exact.

Each tree reads one feature alone, as in "Interpretable Learning-to-Rank with Generalized Additive Models"
(Zhuang and others, 2020), and no score falls when a feature fits better. Positions are corrected by
LightGBM's own position bias factors, learned beside the trees (its parameter `position` of a data set).
"""

from __future__ import annotations

from typing import Any

import lightgbm as lgb
import numpy as np

from oim.features.matching.learning.additive_scorer import Step, Steps
from oim.features.matching.learning.training_data import FEATURES, Table

TREES = 120
PARAMETERS: dict[str, Any] = {
    "objective": "lambdarank",
    "label_gain": [0, 1, 2, 4, 8],  # by gain: see `events.GAINS`
    "lambdarank_truncation_level": 20,
    "lambdarank_position_bias_regularization": 0.5,
    "learning_rate": 0.08,
    "num_leaves": 6,
    "min_data_in_leaf": 50,
    "lambda_l2": 1.0,
    "monotone_constraints": [1] * len(FEATURES),
    "interaction_constraints": [[number] for number in range(len(FEATURES))],
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "seed": 1,
    "verbosity": -1,
}


def fit(table: Table) -> Steps:
    """The ranker of these lists; the same for the same lists."""
    data = lgb.Dataset(
        table.features,
        table.gains,
        group=table.sizes,
        position=table.positions,
        feature_name=list(FEATURES),
        params=PARAMETERS,
    )
    return as_steps(lgb.train(PARAMETERS, data, TREES))


def as_steps(booster: lgb.Booster) -> Steps:
    """What each feature contributes (`pred_contrib`) between its thresholds, from that of 0."""
    bounds: dict[int, set[float]] = {number: set() for number in range(len(FEATURES))}
    for tree in booster.dump_model()["tree_info"]:
        _thresholds(tree["tree_structure"], bounds)
    return Steps(
        {name: _step(booster, number, sorted(bounds[number])) for number, name in enumerate(FEATURES)}
    )


def _thresholds(node: dict[str, Any], bounds: dict[int, set[float]]) -> None:
    if "split_feature" in node:
        bounds[node["split_feature"]].add(node["threshold"])
        _thresholds(node["left_child"], bounds)
        _thresholds(node["right_child"], bounds)


def _step(booster: lgb.Booster, number: int, bounds: list[float]) -> Step:
    """Bounds below 0 are where LightGBM parts 0 from nothing: no feature lies there."""
    inside = [bound for bound in bounds if 0 <= bound < 1]
    values = np.full((len(inside) + 2, len(FEATURES)), np.nan)
    values[:, number] = [0.0, *inside, 1.0]
    worths = np.asarray(booster.predict(values, pred_contrib=True))[:, number]
    return tuple(inside), tuple(float(worth - worths[0]) for worth in worths[1:])
