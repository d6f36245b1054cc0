"""The two parts of the adapter while they learn: likeness of two batches, its gradients, and Adam's steps.

The loss is the multi-positive softmax of van den Oord et al. (2018): of all names offered, one of the same
thing must be the most alike. Gradients are written out, since they are few and need no framework.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from oim.features.titles.adapter import Vector

LOGIT_SCALES = (14.0, 10.0)  # of the mapped embedding's cosine and of the table's, as logits
BETA1, BETA2 = 0.9, 0.99  # of Adam
MASKED_LOGIT = -1e4

Mask = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Model:
    """What is learned, and Adam's memory of it."""

    map: Vector
    table: Vector
    first_moments: dict[str, Vector] = field(default_factory=dict)
    second_moments: dict[str, Vector] = field(default_factory=dict)
    steps: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Titles as the two parts see them: centred embeddings and weighed n-grams, one row a title."""

    dense: Vector
    sparse: sp.csr_matrix


@dataclass(frozen=True, slots=True)
class _NormalisedRows:
    unit: Vector
    length: Vector


def train_step(
    model: Model,
    asked: Batch,
    candidates: Batch,
    positive_mask: Mask,
    candidate_mask: Mask,
    rates: dict[str, float],
) -> float:
    """One step of learning; the loss before it. Masks, (asked, offered): right ones, all that count."""
    queries = _encode(model, asked)
    names = _encode(model, candidates)
    logits = sum(sharp * q.unit @ n.unit.T for sharp, q, n in zip(LOGIT_SCALES, queries, names, strict=True))
    slope, loss = _loss_gradient(np.asarray(logits), positive_mask & candidate_mask, candidate_mask)
    gradients = {}
    for name, sharp, q, n, inputs in (
        ("map", LOGIT_SCALES[0], queries[0], names[0], (asked.dense, candidates.dense)),
        ("table", LOGIT_SCALES[1], queries[1], names[1], (asked.sparse, candidates.sparse)),
    ):
        pulled = _backpropagate_normalisation(sharp * slope @ n.unit, q)
        pushed = _backpropagate_normalisation(sharp * slope.T @ q.unit, n)
        gradients[name] = np.asarray(inputs[0].T @ pulled + inputs[1].T @ pushed, np.float32)
    _adam_step(model, gradients, rates)
    return loss


def embed_batch(model: Model, batch: Batch) -> Vector:
    """Rows whose products are the logits."""
    parts = _encode(model, batch)
    return np.hstack([np.sqrt(sharp) * part.unit for sharp, part in zip(LOGIT_SCALES, parts, strict=True)])


def _encode(model: Model, batch: Batch) -> tuple[_NormalisedRows, _NormalisedRows]:
    return _normalise(batch.dense @ model.map), _normalise(np.asarray(batch.sparse @ model.table))


def _normalise(rows: Vector) -> _NormalisedRows:
    length = np.linalg.norm(rows, axis=1, keepdims=True) + 1e-6
    return _NormalisedRows(rows / length, length)


def _loss_gradient(
    logits: npt.NDArray[Any], positive_mask: Mask, candidate_mask: Mask
) -> tuple[Vector, float]:
    """The loss's slope in the logits, a mean over all rows, and the loss, over those with a right answer."""
    logits = np.where(candidate_mask, logits, MASKED_LOGIT)
    weights = np.exp(logits - logits.max(axis=1, keepdims=True)) * candidate_mask
    shares = weights / (weights.sum(axis=1, keepdims=True) + 1e-9)
    hits = shares * positive_mask
    held = hits.sum(axis=1, keepdims=True)
    answered = positive_mask.any(axis=1, keepdims=True)
    slope = (shares - hits / (held + 1e-12)) * answered / len(logits)
    return slope.astype(np.float32), float(-np.log(held[answered] + 1e-9).mean())


def _backpropagate_normalisation(gradient: npt.NDArray[Any], rows: _NormalisedRows) -> Vector:
    """A slope carried back through the division by the length."""
    turned = gradient - (gradient * rows.unit).sum(axis=1, keepdims=True) * rows.unit
    return np.asarray(turned / rows.length, np.float32)


def _adam_step(model: Model, gradients: dict[str, Vector], rates: dict[str, float]) -> None:
    """Kingma and Ba (2015)."""
    model.steps += 1
    for name, gradient in gradients.items():
        moment = model.first_moments.setdefault(name, np.zeros_like(gradient))
        spread = model.second_moments.setdefault(name, np.zeros_like(gradient))
        moment += (1 - BETA1) * (gradient - moment)
        spread += (1 - BETA2) * (gradient**2 - spread)
        fair = moment / (1 - BETA1**model.steps)
        wide = np.sqrt(spread / (1 - BETA2**model.steps)) + 1e-8
        weights: Vector = getattr(model, name)
        weights -= rates[name] * fair / wide
