"""An adapter made: first rehearsed, to know how good it is on what it never saw, then learned from all."""

from __future__ import annotations

from oim.features.titles.adapter import Adapter, Vector, normalise_rows
from oim.features.titles.training.card import render_model_card
from oim.features.titles.training.fit import Progress, Recipe, fit_adapter
from oim.features.titles.training.heldout import HeldOutFigures, measure_held_out
from oim.features.titles.training.names import Names
from oim.kit.clock import now


def evaluate_recipe(
    names: Names, embeddings: Vector, embedder: str, recipe: Recipe, progress: Progress
) -> dict[str, list[HeldOutFigures]]:
    """Figures on held-out names, of the embedder as it is and of an adapter that did not learn them."""
    adapter = fit_adapter(names, embeddings, embedder, recipe, progress)
    return {
        "the embedder as it is": measure_held_out(
            names, normalise_rows(embeddings - embeddings.mean(axis=0))
        ),
        "the adapter": measure_held_out(names, adapter.encode(names.texts, embeddings)),
    }


def train_adapter(
    names: Names, embeddings: Vector, embedder: str, recipe: Recipe, progress: Progress
) -> tuple[Adapter, str]:
    """The adapter and its card. Embeddings match the names, row by row."""
    figures = evaluate_recipe(names, embeddings, embedder, recipe, progress)
    adapter = fit_adapter(names.all_for_training(), embeddings, embedder, recipe, progress)
    return adapter, render_model_card(names, recipe, embedder, figures, now().date())
