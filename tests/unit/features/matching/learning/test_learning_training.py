"""Learning to rank: from biased events to a monotone ranker with exact reasons, which must pass a gate."""

import lightgbm as lgb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from learning_factory import simulate_lists

from oim.features.matching.feature_scores import Features
from oim.features.matching.learning import lambdamart
from oim.features.matching.learning.additive_scorer import AdditiveScorer, parse_artefact
from oim.features.matching.learning.gate import compare_scorers, compute_ndcg
from oim.features.matching.learning.propensity import estimate_propensities
from oim.features.matching.learning.training_data import (
    FEATURE_NAMES,
    Floats,
    TrainingData,
    build_training_data,
)
from oim.features.matching.ranking import WEIGHTS, score_by_weights

PREFERENCES = {"place": 0.9, "freshness": 0.1}  # unlike the weights, in which the text counts most
FEATURE_SUBSETS = st.lists(st.sampled_from(sorted(WEIGHTS)), min_size=1, unique=True)


@pytest.fixture(scope="module")
def training_data() -> TrainingData:
    return build_training_data(simulate_lists(800, PREFERENCES))


@pytest.fixture(scope="module")
def trained_scorer(training_data: TrainingData) -> AdditiveScorer:
    return lambdamart.fit_scorer(training_data)


@pytest.fixture(scope="module")
def propensities() -> Floats:
    """Estimated from lists with feedback."""
    return estimate_from_lists(with_feedback=True)


def estimate_from_lists(*, with_feedback: bool) -> Floats:
    rows = build_training_data(simulate_lists(1500, PREFERENCES, with_feedback=with_feedback))
    return estimate_propensities(rows.features, rows.positions, rows.gains > 0)


def test_a_ranker_learns_what_people_prefer(trained_scorer: AdditiveScorer) -> None:
    near: Features = dict.fromkeys(WEIGHTS, 0.3) | {"place": 1.0}
    worded: Features = dict.fromkeys(WEIGHTS, 0.3) | {"text": 1.0}
    first, second = (sum(parts.values()) for parts in trained_scorer([near, worded]))
    assert first > second


def test_a_better_ranker_passes_the_gate_on_later_lists(trained_scorer: AdditiveScorer) -> None:
    later = simulate_lists(300, PREFERENCES, seed=2)
    verdict = compare_scorers(later, trained_scorer, score_by_weights, 1 / np.arange(1, 21))
    assert verdict.passes_gate
    assert verdict.new > verdict.in_force


def test_a_ranker_equal_to_the_current_one_does_not_pass_the_gate(trained_scorer: AdditiveScorer) -> None:
    assert not compare_scorers(
        simulate_lists(300, PREFERENCES, seed=2), trained_scorer, trained_scorer, np.ones(20)
    ).passes_gate


def test_a_ranker_no_better_than_the_weights_does_not_pass_the_gate() -> None:
    """People prefer exactly what the weights say, so there is nothing better to learn."""
    scorer = lambdamart.fit_scorer(build_training_data(simulate_lists(400, WEIGHTS)))
    assert not compare_scorers(
        simulate_lists(200, WEIGHTS, seed=2), scorer, score_by_weights, 1 / np.arange(1, 21)
    ).passes_gate


@given(FEATURE_SUBSETS, st.lists(st.floats(0, 1), min_size=14, max_size=14))
def test_parts_sum_up_to_a_score_up_to_one_that_never_falls_when_a_feature_rises(
    trained_scorer: AdditiveScorer, names: list[str], values: list[float]
) -> None:
    low = dict(zip(names, values, strict=False))
    high = {name: max(value, more) for (name, value), more in zip(low.items(), values[7:], strict=False)}
    first, second = trained_scorer([low, high])
    assert set(first) == set(names)
    assert all(0 <= part <= second[name] for name, part in first.items())
    assert sum(second.values()) <= 1 + 1e-9


def test_the_extracted_scorer_gives_the_scores_of_the_booster() -> None:
    rows = build_training_data(simulate_lists(300, PREFERENCES))
    data = lgb.Dataset(rows.features, rows.gains, group=rows.sizes, position=rows.positions)
    booster = lgb.train(lambdamart.PARAMETERS, data, 30)
    scorer = lambdamart.extract_scorer(booster)
    offers = [
        dict(zip(FEATURE_NAMES, row, strict=True))
        for row in np.random.default_rng(3).random((50, 7)).tolist()
    ]
    raw = np.asarray(booster.predict(np.array([list(offer.values()) for offer in offers])))
    bottom, top = booster.predict(np.array([[0.0] * 7, [1.0] * 7]))
    scores = [sum(parts.values()) for parts in scorer(offers)]
    assert scores == pytest.approx((raw - bottom) / (top - bottom))


def test_training_is_repeatable_and_a_scorer_survives_storage(
    training_data: TrainingData, trained_scorer: AdditiveScorer
) -> None:
    assert lambdamart.fit_scorer(training_data) == trained_scorer
    assert parse_artefact(trained_scorer.to_artefact()) == trained_scorer


def test_estimated_propensities_fall_with_the_position(propensities: Floats) -> None:
    assert propensities[0] == 1
    assert propensities[1] < 0.85
    assert propensities[5] < 0.4
    assert propensities[9] < propensities[2]


def test_propensities_are_estimated_better_from_all_lists_than_from_those_with_feedback(
    propensities: Floats,
) -> None:
    """From lists with feedback alone, positions far down seem to be looked at more often than they are."""
    from_feedback, from_all = (
        float(np.abs(estimated[:10] - 1 / np.arange(1, 11)).mean())
        for estimated in (propensities, estimate_from_lists(with_feedback=False))
    )
    assert from_all < 0.8 * from_feedback


def test_a_gain_far_down_the_list_weighs_more_where_people_seldom_look() -> None:
    lists = simulate_lists(100, PREFERENCES)
    assert (
        compute_ndcg(lists, score_by_weights, np.ones(20)).mean()
        > compute_ndcg(lists, score_by_weights, 1 / np.arange(1, 21)).mean()
    )
