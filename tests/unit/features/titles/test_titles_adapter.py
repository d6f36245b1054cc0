"""The adapter encodes titles as unit rows, and its weights survive being saved in 8 bits."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from titles_factory import BUCKETS, DIMENSION, RANK, WIDTH, SeededEmbedder, random_adapter

from oim.features.titles import load_adapter, save_adapter
from oim.features.titles.adapter import QUANTISATION_STEPS, normalise_rows

TITLES = ["soudeur à l’arc", "arc welder", "aide-soignante"]


def test_rows_have_length_one_and_each_part_its_weight() -> None:
    rows = random_adapter().encode(TITLES, SeededEmbedder().embed_queries(TITLES))
    assert rows.shape == (3, RANK + WIDTH)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)
    assert np.linalg.norm(rows[:, :RANK], axis=1) ** 2 == pytest.approx(0.6, abs=1e-5)


def test_a_row_does_not_depend_on_the_other_titles() -> None:
    adapter, vectors = random_adapter(), SeededEmbedder().embed_queries(TITLES)
    single = np.vstack([adapter.encode([title], vectors[[row]]) for row, title in enumerate(TITLES)])
    assert single == pytest.approx(adapter.encode(TITLES, vectors), abs=1e-6)


@pytest.mark.parametrize("text", ["", "…", "سائق"])
def test_a_text_without_a_word_has_zeros_for_its_n_grams(text: str) -> None:
    adapter = random_adapter()
    rows = adapter.encode([text], SeededEmbedder().embed_queries([text]))
    assert np.isfinite(rows).all()
    assert not rows[:, RANK:].any()
    assert not adapter.encode([""], adapter.centre[None]).any()


def test_no_texts_give_no_rows() -> None:
    assert random_adapter().encode([], np.empty((0, DIMENSION), np.float32)).shape == (0, RANK + WIDTH)


def test_rows_of_zeros_stay_zero() -> None:
    assert not normalise_rows(np.zeros((2, 3), np.float32)).any()


def test_saved_weights_are_read_back_within_half_a_quantisation_step(tmp_path: Path) -> None:
    adapter = random_adapter()
    save_adapter(adapter, tmp_path / "adapter.npz")
    loaded = load_adapter(tmp_path / "adapter.npz")
    assert loaded.embedder == adapter.embedder
    assert loaded.weights == pytest.approx(adapter.weights)
    assert loaded.centre.tolist() == adapter.centre.tolist()
    assert loaded.idf == pytest.approx(adapter.idf, rel=1e-3)
    for read, written in ((loaded.map, adapter.map), (loaded.table, adapter.table)):
        assert read.dtype == np.float32
        assert (np.abs(read - written) <= np.abs(written).max(axis=0) / QUANTISATION_STEPS * 0.501).all()


def test_a_loaded_adapter_encodes_titles_as_the_saved_one(tmp_path: Path) -> None:
    adapter, vectors = random_adapter(), SeededEmbedder().embed_queries(TITLES)
    save_adapter(adapter, tmp_path / "adapter.npz")
    rows = load_adapter(tmp_path / "adapter.npz").encode(TITLES, vectors)
    assert (rows * adapter.encode(TITLES, vectors)).sum(axis=1) == pytest.approx(1, abs=1e-3)


def test_a_column_of_zeros_is_saved_and_loaded(tmp_path: Path) -> None:
    save_adapter(
        replace(random_adapter(), table=np.zeros((BUCKETS, WIDTH), np.float32)), tmp_path / "adapter.npz"
    )
    assert not load_adapter(tmp_path / "adapter.npz").table.any()
