"""The gradients written out are those of the loss; steps lead down."""

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

STILL = {"map": 0.0, "table": 0.0}
SHAPES = {"map": (6, 4), "table": (9, 5)}


def _model() -> Model:
    chance = np.random.default_rng(2)
    return Model(*(1 + chance.normal(size=shape) / 2 for shape in SHAPES.values()))


def _batch(seed: int, size: int) -> Batch:
    """Alike, so that no share of the softmax is lost in rounding."""
    chance = np.random.default_rng(seed)
    sparse = chance.random((size, 9)) * (chance.random((size, 9)) > 0.4)
    return Batch(1 + chance.normal(size=(size, 6)) / 2, sp.csr_matrix(sparse))


ASKED, OFFERED = _batch(3, 4), _batch(4, 7)
RIGHT: Mask = np.eye(4, 7, dtype=bool) | np.eye(4, 7, 2, dtype=bool)
ALLOWED: Mask = ~np.eye(4, 7, 3, dtype=bool)


def _loss(model: Model) -> float:
    return train_step(model, ASKED, OFFERED, RIGHT, ALLOWED, STILL)


@pytest.mark.parametrize("name", SHAPES)
def test_gradients_are_those_of_the_loss(name: str) -> None:
    model = _model()
    _loss(model)
    found = model.first_moments[name] / (1 - BETA1)
    tiny = 1e-5
    for at in np.ndindex(SHAPES[name]):
        losses = []
        for sign in (1, -1):
            moved = _model()
            getattr(moved, name)[at] += sign * tiny
            losses.append(_loss(moved))
        assert found[at] == pytest.approx((losses[0] - losses[1]) / (2 * tiny), abs=1e-4)


def test_the_loss_is_the_softmax_of_likeness_over_what_counts() -> None:
    model = _model()
    logits = embed_batch(model, ASKED) @ embed_batch(model, OFFERED).T
    weights = np.exp(logits) * ALLOWED
    expected = -np.log((weights * RIGHT).sum(axis=1) / weights.sum(axis=1)).mean()
    assert _loss(model) == pytest.approx(expected, rel=1e-6)


def test_likeness_with_oneself_is_the_sum_of_the_two() -> None:
    found = embed_batch(_model(), ASKED)
    assert (found**2).sum(axis=1) == pytest.approx(sum(LOGIT_SCALES), rel=1e-4)


def test_what_does_not_count_pulls_nothing() -> None:
    first, second = _model(), _model()
    changed = OFFERED.dense.copy()
    changed[6] += 5
    allowed = ALLOWED & (np.arange(7) != 6)
    train_step(first, ASKED, OFFERED, RIGHT, allowed, STILL)
    train_step(second, ASKED, Batch(changed, OFFERED.sparse), RIGHT, allowed, STILL)
    assert first.first_moments["map"] == pytest.approx(second.first_moments["map"], abs=1e-7)


def test_names_without_a_right_answer_pull_nothing() -> None:
    model = _model()
    right = RIGHT & (np.arange(4) < 1)[:, None]
    train_step(model, ASKED, OFFERED, right, ALLOWED, STILL)
    alone = _model()
    first = Batch(ASKED.dense[:1], ASKED.sparse[:1])
    train_step(alone, first, OFFERED, RIGHT[:1], ALLOWED[:1], STILL)
    assert model.first_moments["table"] * 4 == pytest.approx(alone.first_moments["table"], abs=1e-6)


def test_steps_lead_down() -> None:
    model = _model()
    losses = [
        train_step(model, ASKED, OFFERED, RIGHT, ALLOWED, {"map": 0.02, "table": 0.02}) for _ in range(60)
    ]
    assert np.isfinite(losses).all()
    assert losses[-1] < losses[20] < losses[0]
    assert losses[-1] < 0.3 * losses[0]


def test_a_text_without_n_grams_breaks_nothing() -> None:
    model = _model()
    bare = Batch(OFFERED.dense, sp.csr_matrix(OFFERED.sparse.shape))
    assert np.isfinite(train_step(model, ASKED, bare, RIGHT, ALLOWED, {"map": 0.1, "table": 0.1}))
    assert np.isfinite(model.map).all()
    assert np.isfinite(model.table).all()
