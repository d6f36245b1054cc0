"""Fit the adapter to names: each step tells names of one concept from the nearest names of others."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from oim.features.titles.adapter import Adapter, Vector, apply_idf
from oim.features.titles.ngrams import count_ngrams
from oim.features.titles.training.batch_sampler import BatchSampler, RowIds
from oim.features.titles.training.model import LOGIT_SCALES, Batch, Model, embed_batch, train_step
from oim.features.titles.training.names import Names

WARM_UP_STEPS = 100  # steps over which the learning rate rises to its full value
MIN_RATE_SHARE = 0.05  # share of the full learning rate that is left at the last step
SVD_SAMPLE = 8000  # embeddings from whose principal directions the map starts

Progress = Callable[[int, int], None]  # steps done, and steps in all


@dataclass(frozen=True, slots=True)
class Recipe:
    """Hyperparameters of the training. The defaults are those of the shipped adapter."""

    # The names of the fields are printed on the adapter's card.
    steps: int = 3500
    batch: int = 256  # queries in a step
    shares: tuple[float, ...] = (0.48, 0.15, 0.30, 0.07)  # of occupations, skills, ROME codes, needed skills
    rank: int = 256  # columns of the map
    width: int = 128  # columns of the table
    buckets: int = 2**15  # rows of the table, into which n-grams are hashed
    dropped: float = 0.4  # share of n-grams left out at random in a step
    rates: tuple[float, float] = (3e-4, 3e-3)  # learning rates of the map and of the table
    refreshed: int = 300  # steps between two searches for hard negatives
    seed: int = 7


def fit_adapter(
    names: Names, embeddings: Vector, embedder: str, recipe: Recipe, progress: Progress
) -> Adapter:
    """Train an adapter on names and their embeddings, row by row. The same input gives the same adapter."""
    # One generator for everything, in a fixed order of draws: this is what makes the result repeatable.
    rng = np.random.default_rng(recipe.seed)
    counted = count_ngrams(names.texts, recipe.buckets)
    document_counts = np.asarray((counted > 0).sum(axis=0)).ravel()
    idf = np.log((len(names.texts) + 1) / (document_counts + 1)).astype(np.float32)
    whole = Batch(embeddings - embeddings.mean(axis=0), apply_idf(counted, idf))
    model = _initialise_model(whole.dense, recipe, rng)
    sampler = BatchSampler(names, recipe.batch, recipe.shares, rng)
    for number in range(recipe.steps):
        # Not at step 0, when the nearest names are those of an untrained model.
        if number and number % recipe.refreshed == 0:
            sampler.mine_hard_negatives(lambda ids: embed_batch(model, _select_rows(whole, ids)))
        batch = sampler.sample_batch()
        rates = _schedule_rates(recipe, number)
        queries = _drop_ngrams(_select_rows(whole, batch.queries), recipe.dropped, rng)
        candidates = _drop_ngrams(_select_rows(whole, batch.candidates), recipe.dropped, rng)
        train_step(model, queries, candidates, batch.positive_mask, batch.candidate_mask, rates)
        progress(number + 1, recipe.steps)
    # The two cosines count in the shipped vectors as they did in the logits, scaled to add up to 1.
    weights = (LOGIT_SCALES[0] / sum(LOGIT_SCALES), LOGIT_SCALES[1] / sum(LOGIT_SCALES))
    return Adapter(embedder, embeddings.mean(axis=0), model.map, idf, model.table, weights)


def _initialise_model(dense: Vector, recipe: Recipe, rng: np.random.Generator) -> Model:
    """Start the map from the principal directions of the embeddings, and the table from random values."""
    sample = dense[rng.choice(len(dense), min(SVD_SAMPLE, len(dense)), replace=False)]
    directions = np.linalg.svd(sample, full_matrices=False)[2][: recipe.rank].T
    table = rng.normal(0, 1 / math.sqrt(recipe.width), (recipe.buckets, recipe.width))
    return Model(np.ascontiguousarray(directions, np.float32), table.astype(np.float32))


def _schedule_rates(recipe: Recipe, step: int) -> dict[str, float]:
    """Return the learning rates of a step: a linear warm-up, then a half cosine down to `MIN_RATE_SHARE`."""
    cosine = 0.5 * (1 + math.cos(math.pi * step / recipe.steps))
    share = min(1.0, (step + 1) / WARM_UP_STEPS) * (MIN_RATE_SHARE + (1 - MIN_RATE_SHARE) * cosine)
    return {"map": share * recipe.rates[0], "table": share * recipe.rates[1]}


def _select_rows(whole: Batch, ids: RowIds) -> Batch:
    """Return the given rows of a batch as a batch."""
    return Batch(whole.dense[ids], whole.sparse[ids])


def _drop_ngrams(batch: Batch, share: float, rng: np.random.Generator) -> Batch:
    """Leave out a share of the n-grams at random (dropout), so that no title depends on a single one."""
    sparse = batch.sparse.copy()
    # The remaining ones are scaled up, so that sums over a row keep their expected value.
    sparse.data *= (rng.random(len(sparse.data)) >= share) / (1 - share)
    return Batch(batch.dense, sparse)
