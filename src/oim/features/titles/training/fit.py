"""The adapter fitted to names: batches of names of the same thing against their nearest strangers."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from oim.features.titles.adapter import Adapter, Vector, weigh
from oim.features.titles.ngrams import rows
from oim.features.titles.training.batch_sampler import Drawer, Ids
from oim.features.titles.training.model import SHARP, Batch, Model, likeness, step
from oim.features.titles.training.names import Names

WARM_UP = 100  # steps
FLOOR = 0.05  # of the rate, at the end of its cosine
SAMPLE = 8000  # embeddings whose main directions the map starts from

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


def fit(names: Names, embeddings: Vector, embedder: str, recipe: Recipe, progress: Progress) -> Adapter:
    """An adapter from names and their embeddings, row by row. The same input gives the same adapter."""
    chance = np.random.default_rng(recipe.seed)
    counted = rows(names.texts, recipe.buckets)
    held = np.asarray((counted > 0).sum(axis=0)).ravel()
    rarity = np.log((len(names.texts) + 1) / (held + 1)).astype(np.float32)
    whole = Batch(embeddings - embeddings.mean(axis=0), weigh(counted, rarity))
    model = _start(whole.dense, recipe, chance)
    drawer = Drawer(names, recipe.batch, recipe.shares, chance)
    for number in range(recipe.steps):
        if number and number % recipe.refreshed == 0:
            drawer.meet(lambda ids: likeness(model, _pick(whole, ids)))
        drawn = drawer.draw()
        rates = _rates(recipe, number)
        asked = _thinned(_pick(whole, drawn.asked), recipe.dropped, chance)
        offered = _thinned(_pick(whole, drawn.offered), recipe.dropped, chance)
        step(model, asked, offered, drawn.right, drawn.allowed, rates)
        progress(number + 1, recipe.steps)
    weights = (SHARP[0] / sum(SHARP), SHARP[1] / sum(SHARP))
    return Adapter(embedder, embeddings.mean(axis=0), model.map, rarity, model.table, weights)


def _start(dense: Vector, recipe: Recipe, chance: np.random.Generator) -> Model:
    """The map starts from the main directions of the embeddings, the table from a random projection."""
    sample = dense[chance.choice(len(dense), min(SAMPLE, len(dense)), replace=False)]
    directions = np.linalg.svd(sample, full_matrices=False)[2][: recipe.rank].T
    table = chance.normal(0, 1 / math.sqrt(recipe.width), (recipe.buckets, recipe.width))
    return Model(np.ascontiguousarray(directions, np.float32), table.astype(np.float32))


def _rates(recipe: Recipe, number: int) -> dict[str, float]:
    cosine = 0.5 * (1 + math.cos(math.pi * number / recipe.steps))
    share = min(1.0, (number + 1) / WARM_UP) * (FLOOR + (1 - FLOOR) * cosine)
    return {"map": share * recipe.rates[0], "table": share * recipe.rates[1]}


def _pick(whole: Batch, ids: Ids) -> Batch:
    return Batch(whole.dense[ids], whole.sparse[ids])


def _thinned(batch: Batch, dropped: float, chance: np.random.Generator) -> Batch:
    sparse = batch.sparse.copy()
    sparse.data *= (chance.random(len(sparse.data)) >= dropped) / (1 - dropped)
    return Batch(batch.dense, sparse)
