"""An adapter fitted to toy names in two languages finds translations that it was not trained on."""

import numpy as np
import pytest
from training_factory import bags, bilingual

from oim.features.titles import Adapter
from oim.features.titles.adapter import Vector, normalise_rows
from oim.features.titles.training import Recipe
from oim.features.titles.training.fit import fit_adapter
from oim.features.titles.training.names import Names

RECIPE = Recipe(
    steps=150, batch=32, shares=(1, 0, 0, 0), rank=20, width=24, buckets=1024, dropped=0.2,
    rates=(3e-3, 3e-2), refreshed=60, seed=3,
)  # fmt: skip
NAMES = bilingual()
VECTORS = bags(NAMES.texts)


def _fit(recipe: Recipe = RECIPE) -> tuple[Adapter, list[tuple[int, int]]]:
    """An adapter, and the progress that was reported while it was fitted."""
    reports: list[tuple[int, int]] = []
    adapter = fit_adapter(
        NAMES, VECTORS, "made:bags", recipe, lambda done, total: reports.append((done, total))
    )
    return adapter, reports


@pytest.fixture(scope="module")
def fitted() -> tuple[Adapter, list[tuple[int, int]]]:
    return _fit()


def _success_rate(names: Names, vectors: Vector) -> float:
    """Share of the French names of held-out concepts that find the English one among all."""
    french, english = (np.flatnonzero(names.languages == language) for language in (0, 1))
    french = french[names.splits[french] > 0]
    best = english[(vectors[french] @ vectors[english].T).argmax(axis=1)]
    return float((names.concepts[best] == names.concepts[french]).mean())


def test_held_out_names_find_their_translation_after_training(
    fitted: tuple[Adapter, list[tuple[int, int]]],
) -> None:
    before = _success_rate(NAMES, normalise_rows(VECTORS - VECTORS.mean(axis=0)))
    after = _success_rate(NAMES, fitted[0].encode(NAMES.texts, VECTORS))
    assert before < 0.3
    assert after > 0.6


def test_the_arrays_have_the_shapes_of_the_recipe(fitted: tuple[Adapter, list[tuple[int, int]]]) -> None:
    adapter = fitted[0]
    assert adapter.embedder == "made:bags"
    assert adapter.map.shape == (40, 20)
    assert adapter.table.shape == (1024, 24)
    assert adapter.idf.shape == (1024,)
    assert adapter.centre == pytest.approx(VECTORS.mean(axis=0))
    assert sum(adapter.weights) == pytest.approx(1)
    assert {array.dtype for array in (adapter.map, adapter.table, adapter.idf)} == {np.dtype(np.float32)}


def test_progress_is_reported_at_every_step(fitted: tuple[Adapter, list[tuple[int, int]]]) -> None:
    assert fitted[1] == [(step, 150) for step in range(1, 151)]


def test_the_same_input_gives_the_same_arrays() -> None:
    short = Recipe(steps=8, batch=16, shares=(1, 0, 0, 0), rank=8, width=8, buckets=256, refreshed=3)
    (first, _), (second, _) = _fit(short), _fit(short)
    for name in ("centre", "map", "idf", "table"):
        assert (getattr(first, name) == getattr(second, name)).all()
