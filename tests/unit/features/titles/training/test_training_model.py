"""The gradients written out by hand are those of the loss, and training steps lower the loss."""

import numpy as np
import pytest
import scipy.sparse as sp

from oim.features.titles.training.model import (
    BETA1,
    LOGIT_SCALES,
    Batch,
    Mask,
    Model,
    embed_batch,
    train_step,
)

ZERO_RATES = {"map": 0.0, "table": 0.0}
SHAPES = {"map": (6, 4), "table": (9, 5)}


def _model() -> Model:
    rng = np.random.default_rng(2)
    return Model(*(1 + rng.normal(size=shape) / 2 for shape in SHAPES.values()))


def _batch(seed: int, size: int) -> Batch:
    """Random titles, similar to one another, so that no share of the softmax is lost in rounding."""
    rng = np.random.default_rng(seed)
    sparse = rng.random((size, 9)) * (rng.random((size, 9)) > 0.4)
    return Batch(1 + rng.normal(size=(size, 6)) / 2, sp.csr_matrix(sparse))


QUERIES, CANDIDATES = _batch(3, 4), _batch(4, 7)
POSITIVE: Mask = np.eye(4, 7, dtype=bool) | np.eye(4, 7, 2, dtype=bool)
ALLOWED: Mask = ~np.eye(4, 7, 3, dtype=bool)


def _loss(model: Model) -> float:
    return train_step(model, QUERIES, CANDIDATES, POSITIVE, ALLOWED, ZERO_RATES)


@pytest.mark.parametrize("name", SHAPES)
def test_gradients_are_those_of_the_loss(name: str) -> None:
    model = _model()
    _loss(model)
    gradient = model.first_moments[name] / (1 - BETA1)
    tiny = 1e-5
    for position in np.ndindex(SHAPES[name]):
        losses = []
        for sign in (1, -1):
            moved = _model()
            getattr(moved, name)[position] += sign * tiny
            losses.append(_loss(moved))
        assert gradient[position] == pytest.approx((losses[0] - losses[1]) / (2 * tiny), abs=1e-4)


def test_the_loss_is_the_softmax_over_the_candidates_that_count() -> None:
    model = _model()
    logits = embed_batch(model, QUERIES) @ embed_batch(model, CANDIDATES).T
    weights = np.exp(logits) * ALLOWED
    expected = -np.log((weights * POSITIVE).sum(axis=1) / weights.sum(axis=1)).mean()
    assert _loss(model) == pytest.approx(expected, rel=1e-6)


def test_the_logit_of_a_title_with_itself_is_the_sum_of_the_scales() -> None:
    rows = embed_batch(_model(), QUERIES)
    assert (rows**2).sum(axis=1) == pytest.approx(sum(LOGIT_SCALES), rel=1e-4)


def test_a_masked_candidate_has_no_gradient() -> None:
    first, second = _model(), _model()
    changed = CANDIDATES.dense.copy()
    changed[6] += 5
    allowed = ALLOWED & (np.arange(7) != 6)
    train_step(first, QUERIES, CANDIDATES, POSITIVE, allowed, ZERO_RATES)
    train_step(second, QUERIES, Batch(changed, CANDIDATES.sparse), POSITIVE, allowed, ZERO_RATES)
    assert first.first_moments["map"] == pytest.approx(second.first_moments["map"], abs=1e-7)


def test_a_query_without_a_positive_has_no_gradient() -> None:
    model = _model()
    right = POSITIVE & (np.arange(4) < 1)[:, None]
    train_step(model, QUERIES, CANDIDATES, right, ALLOWED, ZERO_RATES)
    alone = _model()
    first = Batch(QUERIES.dense[:1], QUERIES.sparse[:1])
    train_step(alone, first, CANDIDATES, POSITIVE[:1], ALLOWED[:1], ZERO_RATES)
    assert model.first_moments["table"] * 4 == pytest.approx(alone.first_moments["table"], abs=1e-6)


def test_training_steps_lower_the_loss() -> None:
    model = _model()
    losses = [
        train_step(model, QUERIES, CANDIDATES, POSITIVE, ALLOWED, {"map": 0.02, "table": 0.02})
        for _ in range(60)
    ]
    assert np.isfinite(losses).all()
    assert losses[-1] < losses[20] < losses[0]
    assert losses[-1] < 0.3 * losses[0]


def test_titles_without_n_grams_keep_the_weights_finite() -> None:
    model = _model()
    bare = Batch(CANDIDATES.dense, sp.csr_matrix(CANDIDATES.sparse.shape))
    assert np.isfinite(train_step(model, QUERIES, bare, POSITIVE, ALLOWED, {"map": 0.1, "table": 0.1}))
    assert np.isfinite(model.map).all()
    assert np.isfinite(model.table).all()
