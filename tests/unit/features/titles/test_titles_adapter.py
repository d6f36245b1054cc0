"""The adapter: rows of length one, and weights that survive being written in 8 bits."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from titles_factory import BUCKETS, DIMENSION, RANK, WIDTH, MadeEmbedder, made_adapter

from oim.features.titles import load_adapter, save_adapter
from oim.features.titles.adapter import QUANTISATION_STEPS, normalise_rows

TITLES = ["soudeur à l’arc", "arc welder", "aide-soignante"]


def test_rows_have_length_one_and_parts_their_weights() -> None:
    found = made_adapter().encode(TITLES, MadeEmbedder().embed_queries(TITLES))
    assert found.shape == (3, RANK + WIDTH)
    assert found.dtype == np.float32
    assert np.linalg.norm(found, axis=1) == pytest.approx(1, abs=1e-5)
    assert np.linalg.norm(found[:, :RANK], axis=1) ** 2 == pytest.approx(0.6, abs=1e-5)


def test_rows_do_not_depend_on_the_others() -> None:
    adapter, vectors = made_adapter(), MadeEmbedder().embed_queries(TITLES)
    alone = np.vstack([adapter.encode([title], vectors[[at]]) for at, title in enumerate(TITLES)])
    assert alone == pytest.approx(adapter.encode(TITLES, vectors), abs=1e-6)


@pytest.mark.parametrize("text", ["", "…", "سائق"])
def test_a_text_without_a_word_has_noughts_for_its_table_part(text: str) -> None:
    adapter = made_adapter()
    found = adapter.encode([text], MadeEmbedder().embed_queries([text]))
    assert np.isfinite(found).all()
    assert not found[:, RANK:].any()
    assert not adapter.encode([""], adapter.centre[None]).any()


def test_no_text_is_no_row() -> None:
    assert made_adapter().encode([], np.empty((0, DIMENSION), np.float32)).shape == (0, RANK + WIDTH)


def test_noughts_stay_so() -> None:
    assert not normalise_rows(np.zeros((2, 3), np.float32)).any()


def test_what_is_saved_is_read_within_half_a_step(tmp_path: Path) -> None:
    adapter = made_adapter()
    save_adapter(adapter, tmp_path / "adapter.npz")
    found = load_adapter(tmp_path / "adapter.npz")
    assert found.embedder == adapter.embedder
    assert found.weights == pytest.approx(adapter.weights)
    assert found.centre.tolist() == adapter.centre.tolist()
    assert found.idf == pytest.approx(adapter.idf, rel=1e-3)
    for read, written in ((found.map, adapter.map), (found.table, adapter.table)):
        assert read.dtype == np.float32
        assert (np.abs(read - written) <= np.abs(written).max(axis=0) / QUANTISATION_STEPS * 0.501).all()


def test_what_is_read_says_the_same(tmp_path: Path) -> None:
    adapter, vectors = made_adapter(), MadeEmbedder().embed_queries(TITLES)
    save_adapter(adapter, tmp_path / "adapter.npz")
    found = load_adapter(tmp_path / "adapter.npz").encode(TITLES, vectors)
    assert (found * adapter.encode(TITLES, vectors)).sum(axis=1) == pytest.approx(1, abs=1e-3)


def test_a_column_of_noughts_is_saved_as_such(tmp_path: Path) -> None:
    save_adapter(
        replace(made_adapter(), table=np.zeros((BUCKETS, WIDTH), np.float32)), tmp_path / "adapter.npz"
    )
    assert not load_adapter(tmp_path / "adapter.npz").table.any()
