"""An adapter made: first rehearsed, to know how good it is on what it never saw, then learned from all."""

from __future__ import annotations

from oim.features.titles.adapter import Adapter, Vector, unit
from oim.features.titles.training.card import card
from oim.features.titles.training.fit import Progress, Recipe, fit
from oim.features.titles.training.heldout import Figures, held_out
from oim.features.titles.training.names import Names
from oim.kit.clock import now


def rehearse(
    names: Names, embeddings: Vector, embedder: str, recipe: Recipe, progress: Progress
) -> dict[str, list[Figures]]:
    """Figures on held-out names, of the embedder as it is and of an adapter that did not learn them."""
    adapter = fit(names, embeddings, embedder, recipe, progress)
    return {
        "the embedder as it is": held_out(names, unit(embeddings - embeddings.mean(axis=0))),
        "the adapter": held_out(names, adapter.encode(names.texts, embeddings)),
    }


def train(
    names: Names, embeddings: Vector, embedder: str, recipe: Recipe, progress: Progress
) -> tuple[Adapter, str]:
    """The adapter and its card. Embeddings match the names, row by row."""
    figures = rehearse(names, embeddings, embedder, recipe, progress)
    adapter = fit(names.all_learned(), embeddings, embedder, recipe, progress)
    return adapter, card(names, recipe, embedder, figures, now().date())
