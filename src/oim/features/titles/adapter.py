"""The adapter: a low-rank map of the embedder's vectors, and a table of vectors for words and n-grams.

A title becomes one vector: its embedding mapped, and the mean of its n-grams' vectors, each of unit length
and weighed. The product of two such vectors is their likeness. Both parts are learned together (`training`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from oim.features.titles.ngrams import count_ngrams

Vector = npt.NDArray[np.float32]
SHIPPED_FILE = "adapter.npz"
QUANTISATION_STEPS = 127  # of a quantised value, each side of nought


@dataclass(frozen=True, slots=True)
class Adapter:
    """Arrays are float32. Its vectors have `map.shape[1] + table.shape[1]` columns and unit length."""

    embedder: str  # URL of the embedder whose vectors it maps
    centre: Vector  # (dimension,): mean of the embeddings it learned from
    map: Vector  # (dimension, rank)
    idf: Vector  # (buckets,): inverse document frequency of each bucket
    table: Vector  # (buckets, width)
    weights: tuple[float, float]  # of the mapped embedding and of the table's part; they add up to one

    def encode(self, texts: Sequence[str], embeddings: Vector) -> Vector:
        """One unit row a text, from the texts and their embeddings in the same order."""
        mapped = normalise_rows(np.asarray((embeddings - self.centre) @ self.map, np.float32))
        shares = np.sqrt(np.array(self.weights, np.float32))
        return np.hstack([mapped * shares[0], self.encode_ngrams(texts) * shares[1]])

    def encode_ngrams(self, texts: Sequence[str]) -> Vector:
        """The table's part alone, a unit row a text: what words and n-grams tell."""
        return normalise_rows(np.asarray(self.ngram_rows(texts) @ self.table, np.float32))

    def ngram_rows(self, texts: Sequence[str]) -> sp.csr_matrix:
        """The n-grams of texts, weighed by rarity, each row of unit length."""
        return apply_idf(count_ngrams(texts, len(self.idf)), self.idf)


def apply_idf(counted: sp.csr_matrix, idf: Vector) -> sp.csr_matrix:
    """Rows of counts as unit rows weighed by rarity."""
    weighed = counted.multiply(idf).tocsr().astype(np.float32)
    lengths = np.sqrt(np.asarray(weighed.multiply(weighed).sum(axis=1)).ravel())
    return sp.diags_array((1 / np.maximum(lengths, 1e-9)).astype(np.float32)) @ weighed


def normalise_rows(vectors: Vector) -> Vector:
    """Rows of length one; a row of noughts stays so."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)


def save_adapter(adapter: Adapter, path: Path) -> None:
    """Write it in 8 bits a weight, a scale a column."""
    arrays: dict[str, Any] = {
        "embedder": np.array(adapter.embedder),
        "centre": adapter.centre,
        "rarity": adapter.idf.astype(np.float16),
        "weights": np.array(adapter.weights, np.float32),
    }
    for name, matrix in (("map", adapter.map), ("table", adapter.table)):
        scale = np.maximum(np.abs(matrix).max(axis=0), 1e-9) / QUANTISATION_STEPS
        arrays[name] = np.round(matrix / scale).astype(np.int8)
        arrays[f"{name}_scale"] = scale.astype(np.float32)
    np.savez_compressed(path, **arrays)


def load_adapter(path: Path) -> Adapter:
    """Read what `save` wrote."""
    with np.load(path) as held:
        first, second = held["weights"].tolist()
        return Adapter(
            embedder=str(held["embedder"]),
            centre=held["centre"],
            map=held["map"] * held["map_scale"],
            idf=held["rarity"].astype(np.float32),
            table=held["table"] * held["table_scale"],
            weights=(first, second),
        )


@cache
def load_shipped_adapter() -> Adapter:
    """The adapter of this package; its card, beside it, tells data, method, figures and date."""
    return load_adapter(Path(str(files(__package__) / SHIPPED_FILE)))
