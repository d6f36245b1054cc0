"""Learning to rank: from biased events to a ranker that is monotone, exact in its reasons, and gated."""

import lightgbm as lgb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from learning_factory import lists

from oim.features.matching.feature_scores import Features
from oim.features.matching.learning import lambdamart
from oim.features.matching.learning.additive_scorer import AdditiveScorer, parse_artefact
from oim.features.matching.learning.gate import compare_scorers, compute_ndcg
from oim.features.matching.learning.propensity import estimate_propensities
from oim.features.matching.learning.training_data import FEATURE_NAMES, build_training_data
from oim.features.matching.ranking import WEIGHTS, score_by_weights

WANTED = {"place": 0.9, "freshness": 0.1}  # unlike the weights, for which the text counts most
TOLD = st.lists(st.sampled_from(sorted(WEIGHTS)), min_size=1, unique=True)


@pytest.fixture(scope="module")
def learned() -> AdditiveScorer:
    return lambdamart.fit_scorer(build_training_data(lists(800, WANTED)))


def test_it_learns_what_people_want(learned: AdditiveScorer) -> None:
    near: Features = dict.fromkeys(WEIGHTS, 0.3) | {"place": 1.0}
    worded: Features = dict.fromkeys(WEIGHTS, 0.3) | {"text": 1.0}
    first, second = (sum(parts.values()) for parts in learned([near, worded]))
    assert first > second


def test_it_passes_the_gate_on_later_lists(learned: AdditiveScorer) -> None:
    later = lists(300, WANTED, seed=2)
    verdict = compare_scorers(later, learned, score_by_weights, 1 / np.arange(1, 21))
    assert verdict.passes_gate
    assert verdict.new > verdict.in_force


def test_the_same_ranker_again_does_not_pass(learned: AdditiveScorer) -> None:
    assert not compare_scorers(lists(300, WANTED, seed=2), learned, learned, np.ones(20)).passes_gate


def test_a_ranker_of_noise_does_not_pass() -> None:
    """People who want what the weights say: nothing better is to be learned."""
    found = lambdamart.fit_scorer(build_training_data(lists(400, WEIGHTS)))
    assert not compare_scorers(
        lists(200, WEIGHTS, seed=2), found, score_by_weights, 1 / np.arange(1, 21)
    ).passes_gate


@given(TOLD, st.lists(st.floats(0, 1), min_size=14, max_size=14))
@settings(max_examples=60, deadline=None)
def test_parts_sum_up_to_a_score_within_bounds_that_never_falls(
    learned: AdditiveScorer, told: list[str], values: list[float]
) -> None:
    low = dict(zip(told, values, strict=False))
    high = {name: max(value, more) for (name, value), more in zip(low.items(), values[7:], strict=False)}
    first, second = learned([low, high])
    assert set(first) == set(told)
    assert all(0 <= part <= second[name] for name, part in first.items())
    assert sum(second.values()) <= 1 + 1e-9


def test_parts_are_the_contributions_of_the_booster() -> None:
    rows = build_training_data(lists(300, WANTED))
    data = lgb.Dataset(rows.features, rows.gains, group=rows.sizes, position=rows.positions)
    booster = lgb.train(lambdamart.PARAMETERS, data, 30)
    steps = lambdamart.extract_scorer(booster)
    offers = [
        dict(zip(FEATURE_NAMES, row, strict=True))
        for row in np.random.default_rng(3).random((50, 7)).tolist()
    ]
    raw = np.asarray(booster.predict(np.array([list(one.values()) for one in offers])))
    bottom, top = booster.predict(np.array([[0.0] * 7, [1.0] * 7]))
    scores = [sum(parts.values()) for parts in steps(offers)]
    assert scores == pytest.approx((raw - bottom) / (top - bottom))


def test_it_is_the_same_again_and_survives_being_kept(learned: AdditiveScorer) -> None:
    assert lambdamart.fit_scorer(build_training_data(lists(800, WANTED))) == learned
    assert parse_artefact(learned.to_artefact()) == learned


def test_propensities_fall_as_people_look_less() -> None:
    rows = build_training_data(lists(1500, WANTED))
    looked = estimate_propensities(rows.features, rows.positions, rows.gains > 0)
    assert looked[0] == 1
    assert looked[1] < 0.85
    assert looked[5] < 0.4
    assert looked[9] < looked[2]


def test_propensities_are_told_best_by_every_list() -> None:
    """Of answered lists alone, what is good and far down seems to be looked at more often."""
    errors = []
    for answered in (True, False):
        rows = build_training_data(lists(1500, WANTED, answered=answered))
        looked = estimate_propensities(rows.features, rows.positions, rows.gains > 0)[:10]
        errors.append(float(np.abs(looked - 1 / np.arange(1, 11)).mean()))
    assert errors[1] < 0.8 * errors[0]


def test_a_gain_far_down_weighs_more_where_people_seldom_look() -> None:
    held = lists(100, WANTED)
    assert (
        compute_ndcg(held, score_by_weights, np.ones(20)).mean()
        > compute_ndcg(held, score_by_weights, 1 / np.arange(1, 21)).mean()
    )
