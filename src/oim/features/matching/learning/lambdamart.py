"""Train a ranker by LambdaMART on shown lists, additive and monotone so that its reasons are exact.

Each tree reads one feature alone, as in "Interpretable Learning-to-Rank with Generalized Additive Models"
(Zhuang and others, 2020), and no score falls when a feature fits better. Positions are corrected by
LightGBM's own position bias factors, learned with the trees (parameter `position` of its data set).
"""

from __future__ import annotations

from typing import Any

import lightgbm as lgb
import numpy as np

from oim.features.matching.learning.additive_scorer import AdditiveScorer, StepFunction
from oim.features.matching.learning.training_data import FEATURE_NAMES, TrainingData

TREES = 120
PARAMETERS: dict[str, Any] = {
    "objective": "lambdarank",
    "label_gain": [0, 1, 2, 4, 8],  # indexed by grade: see `events.GAINS`
    "lambdarank_truncation_level": 20,
    "lambdarank_position_bias_regularization": 0.5,
    "learning_rate": 0.08,
    "num_leaves": 6,
    "min_data_in_leaf": 50,
    "lambda_l2": 1.0,
    # A score may only rise with a feature, and no two features share a tree: the model is additive.
    "monotone_constraints": [1] * len(FEATURE_NAMES),
    "interaction_constraints": [[number] for number in range(len(FEATURE_NAMES))],
    # One thread and a fixed seed: the same lists give the same ranker on any machine.
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "seed": 1,
    "verbosity": -1,
}


def fit_scorer(training_data: TrainingData) -> AdditiveScorer:
    """Train a ranker; deterministic, so the same lists give the same ranker."""
    data = lgb.Dataset(
        training_data.features,
        training_data.gains,
        group=training_data.sizes,
        position=training_data.positions,
        feature_name=list(FEATURE_NAMES),
        params=PARAMETERS,
    )
    return extract_scorer(lgb.train(PARAMETERS, data, TREES))


def extract_scorer(booster: lgb.Booster) -> AdditiveScorer:
    """Read each feature's step function out of a booster, shifted so that the value 0 adds nothing."""
    bounds: dict[int, set[float]] = {number: set() for number in range(len(FEATURE_NAMES))}
    for tree in booster.dump_model()["tree_info"]:
        _collect_thresholds(tree["tree_structure"], bounds)
    return AdditiveScorer(
        {
            name: _extract_step_function(booster, number, sorted(bounds[number]))
            for number, name in enumerate(FEATURE_NAMES)
        }
    )


def _collect_thresholds(node: dict[str, Any], bounds: dict[int, set[float]]) -> None:
    """Add the thresholds below a tree node to `bounds`, by the number of the feature."""
    if "split_feature" in node:
        bounds[node["split_feature"]].add(node["threshold"])
        _collect_thresholds(node["left_child"], bounds)
        _collect_thresholds(node["right_child"], bounds)


def _extract_step_function(booster: lgb.Booster, number: int, bounds: list[float]) -> StepFunction:
    """What a feature contributes between its thresholds, by LightGBM's `pred_contrib`."""
    # Bounds below 0 are where LightGBM separates zero from missing; no feature takes a value there.
    inside = [bound for bound in bounds if 0 <= bound < 1]
    # One row for each step, all other features missing: thresholds are upper bounds, so the value at a
    # threshold lies in the step below it. The first row, 0, is the base that is subtracted.
    values = np.full((len(inside) + 2, len(FEATURE_NAMES)), np.nan)
    values[:, number] = [0.0, *inside, 1.0]
    worths = np.asarray(booster.predict(values, pred_contrib=True, num_threads=1))[:, number]
    return tuple(inside), tuple(float(worth - worths[0]) for worth in worths[1:])
