"""Train an adapter and write its card.

It is trained twice: once without the held-out names, to measure it on them, then on all names, to be shipped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date

from oim.features.titles.adapter import Adapter, Vector, normalise_rows
from oim.features.titles.training.fit import Progress, Recipe, fit_adapter
from oim.features.titles.training.heldout import HeldOutFigures, measure_held_out
from oim.features.titles.training.names import Names, Source
from oim.kit.clock import now

SOURCE_LABELS = {
    Source.OCCUPATION: "ESCO occupations",
    Source.SKILL: "ESCO skills",
    Source.ROME: "ROME codes",
}
SPLIT_LABELS = {
    "try_name": "held-out names of known occupations",
    "try_thing": "names of held-out occupations",
}


def evaluate_recipe(
    names: Names, embeddings: Vector, embedder: str, recipe: Recipe, progress: Progress
) -> dict[str, list[HeldOutFigures]]:
    """Measure the embedder alone, and an adapter that was not trained on them, on the held-out names."""
    adapter = fit_adapter(names, embeddings, embedder, recipe, progress)
    return {
        # Centred, as the embeddings that the adapter maps are: the comparison is fair.
        "the embedder as it is": measure_held_out(
            names, normalise_rows(embeddings - embeddings.mean(axis=0))
        ),
        "the adapter": measure_held_out(names, adapter.encode(names.texts, embeddings)),
    }


def train_adapter(
    names: Names, embeddings: Vector, embedder: str, recipe: Recipe, progress: Progress
) -> tuple[Adapter, str]:
    """Train an adapter on all names and return it with its card. Embeddings match the names, row by row."""
    figures = evaluate_recipe(names, embeddings, embedder, recipe, progress)
    adapter = fit_adapter(names.all_for_training(), embeddings, embedder, recipe, progress)
    return adapter, render_model_card(names, recipe, embedder, figures, now().date())


def render_model_card(
    names: Names, recipe: Recipe, embedder: str, figures: Mapping[str, Sequence[HeldOutFigures]], today: date
) -> str:
    """Return the adapter's card in Markdown: its data, method, figures and date.

    `figures` are by system, as `evaluate_recipe` returns them.
    """
    texts = Counter(int(source) for source in names.sources)
    concepts = {source: len(set(names.concepts[names.sources == source].tolist())) for source in Source}
    data = [
        f"- {SOURCE_LABELS[source]}: {texts[source]:,} names of {concepts[source]:,}" for source in Source
    ]
    method = [f"- {name}: {value}" for name, value in asdict(recipe).items()]
    lines = [
        "# The adapter of titles",
        "",
        f"Made {today.isoformat()} by `oim train adapter`, over `{embedder}`.",
        "",
        "## Data",
        "ESCO v1.0 (French, English) and v1.1.1 (English), European Commission, reuse with attribution;",
        "ROME 4.60, France Travail, Licence Ouverte 2.0. Left out: titles equal to a query of MELO,",
        "and the ROME codes of five or more of the offers that the engine is tried on.",
        *data,
        "",
        "## Method",
        "A low-rank map of the embedding and a table of vectors for hashed words and n-grams, fitted",
        "together: names of one thing against their nearest strangers (multi-positive softmax, Adam).",
        "A ROME code takes in the names of the ESCO occupations of which it holds a title.",
        "",
        *method,
        "",
        "## Figures",
        "Of a rehearsal on nine tenths of the occupations and of their names, tried on the rest; the adapter",
        "shipped then learned from all. MRR / success@1:",
        "",
        *_render_table(figures),
        "",
    ]
    return "\n".join(lines)


def _render_table(figures: Mapping[str, Sequence[HeldOutFigures]]) -> list[str]:
    """Return the lines of a Markdown table: a row for each system, a column for each kind of queries."""
    first = next(iter(figures.values()))  # every system has the same columns
    heads = ["system", *(f"{SPLIT_LABELS[column.split]}, {column.direction}" for column in first)]
    rows = [
        [system, *(f"{figure.mrr:.3f} / {figure.success:.3f}" for figure in row_figures)]
        for system, row_figures in figures.items()
    ]
    return [f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads), *rows)]
