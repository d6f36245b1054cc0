"""The adapter in training: similarities of two batches, the gradients of the loss, and the steps of Adam.

The loss is the multi-positive softmax of van den Oord et al. (2018): of all candidates, a name of the query's
concept must be the most similar. Gradients are written out by hand, since they are few and need no framework.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from oim.features.titles.adapter import Vector

# Factors (inverse temperatures) of the cosine of the mapped embedding and of the cosine of the table's part.
LOGIT_SCALES = (14.0, 10.0)
BETA1, BETA2 = 0.9, 0.99  # decay of Adam's first and second moments
MASKED_LOGIT = -1e4  # of a candidate that does not count; infinity would give NaN in rows without candidates

Mask = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Model:
    """The trained weights, and the moments that Adam keeps of their gradients, by name of the weights."""

    map: Vector
    table: Vector
    first_moments: dict[str, Vector] = field(default_factory=dict)
    second_moments: dict[str, Vector] = field(default_factory=dict)
    steps: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Titles as the inputs of the two parts, one row for each: centred embeddings and weighted n-grams."""

    dense: Vector
    sparse: sp.csr_matrix


@dataclass(frozen=True, slots=True)
class _NormalisedRows:
    """Rows scaled to length one, and the lengths they had, which the gradient needs."""

    unit: Vector
    length: Vector


def train_step(
    model: Model,
    queries: Batch,
    candidates: Batch,
    positive_mask: Mask,
    candidate_mask: Mask,
    rates: dict[str, float],
) -> float:
    """Update the model by one step of gradient descent and return the loss before it.

    The masks, of shape (queries, candidates), mark the right answers and the candidates that count.
    """
    query_parts = _encode(model, queries)
    candidate_parts = _encode(model, candidates)
    logits = sum(
        scale * q.unit @ c.unit.T
        for scale, q, c in zip(LOGIT_SCALES, query_parts, candidate_parts, strict=True)
    )
    slope, loss = _loss_gradient(np.asarray(logits), positive_mask & candidate_mask, candidate_mask)
    gradients = {}
    # The logits are a sum over the two parts, so each part has its own gradient from the same slope.
    for name, scale, q, c, inputs in (
        ("map", LOGIT_SCALES[0], query_parts[0], candidate_parts[0], (queries.dense, candidates.dense)),
        ("table", LOGIT_SCALES[1], query_parts[1], candidate_parts[1], (queries.sparse, candidates.sparse)),
    ):
        query_slope = _backpropagate_normalisation(scale * slope @ c.unit, q)
        candidate_slope = _backpropagate_normalisation(scale * slope.T @ q.unit, c)
        gradients[name] = np.asarray(inputs[0].T @ query_slope + inputs[1].T @ candidate_slope, np.float32)
    _adam_step(model, gradients, rates)
    return loss


def embed_batch(model: Model, batch: Batch) -> Vector:
    """Return one row for each title; the dot products of rows are the logits of the loss."""
    parts = _encode(model, batch)
    return np.hstack([np.sqrt(scale) * part.unit for scale, part in zip(LOGIT_SCALES, parts, strict=True)])


def _encode(model: Model, batch: Batch) -> tuple[_NormalisedRows, _NormalisedRows]:
    """Return the unit rows of the map's part and of the table's part."""
    return _normalise(batch.dense @ model.map), _normalise(np.asarray(batch.sparse @ model.table))


def _normalise(rows: Vector) -> _NormalisedRows:
    """Scale rows to length one; a row of zeros stays zero."""
    length = np.linalg.norm(rows, axis=1, keepdims=True) + 1e-6
    return _NormalisedRows(rows / length, length)


def _loss_gradient(
    logits: npt.NDArray[Any], positive_mask: Mask, candidate_mask: Mask
) -> tuple[Vector, float]:
    """Return the gradient of the loss by the logits, and the loss.

    The gradient is averaged over all queries, the loss over those that have a right answer; a query without
    one has no gradient.
    """
    logits = np.where(candidate_mask, logits, MASKED_LOGIT)
    # Less the largest logit, which changes no share and keeps `exp` from overflowing.
    weights = np.exp(logits - logits.max(axis=1, keepdims=True)) * candidate_mask
    shares = weights / (weights.sum(axis=1, keepdims=True) + 1e-9)
    hits = shares * positive_mask
    positive_share = hits.sum(axis=1, keepdims=True)
    answered = positive_mask.any(axis=1, keepdims=True)
    slope = (shares - hits / (positive_share + 1e-12)) * answered / len(logits)
    return slope.astype(np.float32), float(-np.log(positive_share[answered] + 1e-9).mean())


def _backpropagate_normalisation(gradient: npt.NDArray[Any], rows: _NormalisedRows) -> Vector:
    """Carry a gradient by unit rows back through the division by their length."""
    # Only the component across the row changes a unit vector: the one along it is removed.
    across = gradient - (gradient * rows.unit).sum(axis=1, keepdims=True) * rows.unit
    return np.asarray(across / rows.length, np.float32)


def _adam_step(model: Model, gradients: dict[str, Vector], rates: dict[str, float]) -> None:
    """Update the weights in place by one step of Adam (Kingma and Ba, 2015)."""
    model.steps += 1
    for name, gradient in gradients.items():
        first = model.first_moments.setdefault(name, np.zeros_like(gradient))
        second = model.second_moments.setdefault(name, np.zeros_like(gradient))
        first += (1 - BETA1) * (gradient - first)
        second += (1 - BETA2) * (gradient**2 - second)
        # The moments start at zero: the divisors correct their bias in the first steps.
        direction = first / (1 - BETA1**model.steps)
        spread = np.sqrt(second / (1 - BETA2**model.steps)) + 1e-8
        weights: Vector = getattr(model, name)
        weights -= rates[name] * direction / spread
