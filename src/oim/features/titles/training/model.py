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

SHARP = (14.0, 10.0)  # of the mapped embedding's cosine and of the table's, as logits
MOMENTUM, SPREAD = 0.9, 0.99  # of Adam
FORBIDDEN = -1e4

Mask = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Model:
    """What is learned, and Adam's memory of it."""

    map: Vector
    table: Vector
    moments: dict[str, Vector] = field(default_factory=dict)
    spreads: dict[str, Vector] = field(default_factory=dict)
    steps: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Titles as the two parts see them: centred embeddings and weighed n-grams, one row a title."""

    dense: Vector
    sparse: sp.csr_matrix


@dataclass(frozen=True, slots=True)
class _Seen:
    unit: Vector
    length: Vector


def step(
    model: Model, asked: Batch, offered: Batch, right: Mask, allowed: Mask, rates: dict[str, float]
) -> float:
    """One step of learning; the loss before it. Masks, (asked, offered): right ones, all that count."""
    queries = _see(model, asked)
    names = _see(model, offered)
    logits = sum(sharp * q.unit @ n.unit.T for sharp, q, n in zip(SHARP, queries, names, strict=True))
    slope, loss = _slope(np.asarray(logits), right & allowed, allowed)
    gradients = {}
    for name, sharp, q, n, inputs in (
        ("map", SHARP[0], queries[0], names[0], (asked.dense, offered.dense)),
        ("table", SHARP[1], queries[1], names[1], (asked.sparse, offered.sparse)),
    ):
        pulled = _through(sharp * slope @ n.unit, q)
        pushed = _through(sharp * slope.T @ q.unit, n)
        gradients[name] = np.asarray(inputs[0].T @ pulled + inputs[1].T @ pushed, np.float32)
    _adam(model, gradients, rates)
    return loss


def likeness(model: Model, batch: Batch) -> Vector:
    """Rows whose products are the logits."""
    parts = _see(model, batch)
    return np.hstack([np.sqrt(sharp) * part.unit for sharp, part in zip(SHARP, parts, strict=True)])


def _see(model: Model, batch: Batch) -> tuple[_Seen, _Seen]:
    return _normed(batch.dense @ model.map), _normed(np.asarray(batch.sparse @ model.table))


def _normed(rows: Vector) -> _Seen:
    length = np.linalg.norm(rows, axis=1, keepdims=True) + 1e-6
    return _Seen(rows / length, length)


def _slope(logits: npt.NDArray[Any], right: Mask, allowed: Mask) -> tuple[Vector, float]:
    """The loss's slope in the logits, a mean over all rows, and the loss, over those with a right answer."""
    logits = np.where(allowed, logits, FORBIDDEN)
    weights = np.exp(logits - logits.max(axis=1, keepdims=True)) * allowed
    shares = weights / (weights.sum(axis=1, keepdims=True) + 1e-9)
    hits = shares * right
    held = hits.sum(axis=1, keepdims=True)
    answered = right.any(axis=1, keepdims=True)
    slope = (shares - hits / (held + 1e-12)) * answered / len(logits)
    return slope.astype(np.float32), float(-np.log(held[answered] + 1e-9).mean())


def _through(slope: npt.NDArray[Any], seen: _Seen) -> Vector:
    """A slope carried back through the division by the length."""
    turned = slope - (slope * seen.unit).sum(axis=1, keepdims=True) * seen.unit
    return np.asarray(turned / seen.length, np.float32)


def _adam(model: Model, gradients: dict[str, Vector], rates: dict[str, float]) -> None:
    """Kingma and Ba (2015)."""
    model.steps += 1
    for name, gradient in gradients.items():
        moment = model.moments.setdefault(name, np.zeros_like(gradient))
        spread = model.spreads.setdefault(name, np.zeros_like(gradient))
        moment += (1 - MOMENTUM) * (gradient - moment)
        spread += (1 - SPREAD) * (gradient**2 - spread)
        fair = moment / (1 - MOMENTUM**model.steps)
        wide = np.sqrt(spread / (1 - SPREAD**model.steps)) + 1e-8
        weights: Vector = getattr(model, name)
        weights -= rates[name] * fair / wide
