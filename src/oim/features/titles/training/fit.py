"""The adapter fitted to names: batches of names of the same thing against their nearest strangers."""

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

WARM_UP_STEPS = 100  # steps
MIN_RATE_SHARE = 0.05  # of the rate, at the end of its cosine
SVD_SAMPLE = 8000  # embeddings whose main directions the map starts from

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the adapter is fitted. The defaults are those of the adapter shipped."""

    steps: int = 3500
    batch: int = 256  # things a step
    shares: tuple[float, ...] = (0.48, 0.15, 0.30, 0.07)  # of occupations, skills, ROME codes, needed skills
    rank: int = 256
    width: int = 128
    buckets: int = 2**15
    dropped: float = 0.4  # share of n-grams unseen at a step
    rates: tuple[float, float] = (3e-4, 3e-3)  # of the map and of the table
    refreshed: int = 300  # steps between two searches for strangers
    seed: int = 7


def fit_adapter(
    names: Names, embeddings: Vector, embedder: str, recipe: Recipe, progress: Progress
) -> Adapter:
    """An adapter from names and their embeddings, row by row. The same input gives the same adapter."""
    chance = np.random.default_rng(recipe.seed)
    counted = count_ngrams(names.texts, recipe.buckets)
    held = np.asarray((counted > 0).sum(axis=0)).ravel()
    rarity = np.log((len(names.texts) + 1) / (held + 1)).astype(np.float32)
    whole = Batch(embeddings - embeddings.mean(axis=0), apply_idf(counted, rarity))
    model = _initialise_model(whole.dense, recipe, chance)
    drawer = BatchSampler(names, recipe.batch, recipe.shares, chance)
    for number in range(recipe.steps):
        if number and number % recipe.refreshed == 0:
            drawer.mine_hard_negatives(lambda ids: embed_batch(model, _select_rows(whole, ids)))
        drawn = drawer.sample_batch()
        rates = _schedule_rates(recipe, number)
        asked = _drop_ngrams(_select_rows(whole, drawn.queries), recipe.dropped, chance)
        offered = _drop_ngrams(_select_rows(whole, drawn.candidates), recipe.dropped, chance)
        train_step(model, asked, offered, drawn.positive_mask, drawn.candidate_mask, rates)
        progress(number + 1, recipe.steps)
    weights = (LOGIT_SCALES[0] / sum(LOGIT_SCALES), LOGIT_SCALES[1] / sum(LOGIT_SCALES))
    return Adapter(embedder, embeddings.mean(axis=0), model.map, rarity, model.table, weights)


def _initialise_model(dense: Vector, recipe: Recipe, rng: np.random.Generator) -> Model:
    """The map starts from the main directions of the embeddings, the table from a random projection."""
    sample = dense[rng.choice(len(dense), min(SVD_SAMPLE, len(dense)), replace=False)]
    directions = np.linalg.svd(sample, full_matrices=False)[2][: recipe.rank].T
    table = rng.normal(0, 1 / math.sqrt(recipe.width), (recipe.buckets, recipe.width))
    return Model(np.ascontiguousarray(directions, np.float32), table.astype(np.float32))


def _schedule_rates(recipe: Recipe, step: int) -> dict[str, float]:
    cosine = 0.5 * (1 + math.cos(math.pi * step / recipe.steps))
    share = min(1.0, (step + 1) / WARM_UP_STEPS) * (MIN_RATE_SHARE + (1 - MIN_RATE_SHARE) * cosine)
    return {"map": share * recipe.rates[0], "table": share * recipe.rates[1]}


def _select_rows(whole: Batch, ids: RowIds) -> Batch:
    return Batch(whole.dense[ids], whole.sparse[ids])


def _drop_ngrams(batch: Batch, share: float, rng: np.random.Generator) -> Batch:
    sparse = batch.sparse.copy()
    sparse.data *= (rng.random(len(sparse.data)) >= share) / (1 - share)
    return Batch(batch.dense, sparse)
