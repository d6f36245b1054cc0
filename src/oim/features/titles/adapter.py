"""The adapter: a low-rank map of the embedder's vectors, and a table of vectors for words and n-grams.

A title becomes one vector of two parts, each of unit length and then weighted: its mapped embedding, and the
mean of the vectors of its n-grams. The dot product of two such vectors is the similarity of the two titles.
Both parts are trained together (`training`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from oim.features.titles.ngrams import count_ngrams

if TYPE_CHECKING:
    import scipy.sparse as sp

Vector = npt.NDArray[np.float32]
SHIPPED_FILE = "adapter.npz"
QUANTISATION_STEPS = 127  # values of a signed byte on each side of zero


@dataclass(frozen=True, slots=True)
class Adapter:
    """The weights of a trained adapter, as float32 arrays.

    Its vectors have `map.shape[1] + table.shape[1]` columns and unit length.
    """

    embedder: str  # URL of the embedder whose vectors it maps
    centre: Vector  # (dimension,): mean of the embeddings it was trained on
    map: Vector  # (dimension, rank)
    idf: Vector  # (buckets,): inverse document frequency of each bucket
    table: Vector  # (buckets, width)
    weights: tuple[float, float]  # of the mapped embedding and of the table's part; they add up to 1

    def encode(self, texts: Sequence[str], embeddings: Vector) -> Vector:
        """Return one unit row for each text, from the texts and their embeddings in the same order."""
        mapped = normalise_rows(np.asarray((embeddings - self.centre) @ self.map, np.float32))
        # Square roots: the product of two rows then weighs the cosines of the two parts by `weights`.
        shares = np.sqrt(np.array(self.weights, np.float32))
        return np.hstack([mapped * shares[0], self.encode_ngrams(texts) * shares[1]])

    def encode_ngrams(self, texts: Sequence[str]) -> Vector:
        """Return the table's part alone, a unit row for each text; it needs no embedder."""
        return normalise_rows(np.asarray(self.ngram_rows(texts) @ self.table, np.float32))

    def ngram_rows(self, texts: Sequence[str]) -> sp.csr_matrix:
        """Return the n-grams of texts as unit rows, weighted by inverse document frequency."""
        return apply_idf(count_ngrams(texts, len(self.idf)), self.idf)


def apply_idf(counted: sp.csr_matrix, idf: Vector) -> sp.csr_matrix:
    """Weight rows of counts by inverse document frequency and scale them to length one."""
    # Imported here, as in `count_ngrams`: it takes as long as numpy, and most processes need it not.
    import scipy.sparse as sp  # noqa: PLC0415

    weighted = counted.multiply(idf).tocsr().astype(np.float32)
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    # A text without any word has an empty row: the floor keeps it at zero instead of NaN.
    return sp.diags_array((1 / np.maximum(lengths, 1e-9)).astype(np.float32)) @ weighted


def normalise_rows(vectors: Vector) -> Vector:
    """Scale rows to length one; a row of zeros stays zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), np.float32)


def quantise(matrix: Vector, axis: int) -> tuple[npt.NDArray[np.int8], Vector]:
    """Round a matrix to 8 bits a number; return it and the scales along an axis to multiply it by."""
    # Scaled so that the largest value along the axis becomes 127.
    scales = np.maximum(np.abs(matrix).max(axis=axis, keepdims=True), 1e-9) / QUANTISATION_STEPS
    return np.round(matrix / scales).astype(np.int8), scales.astype(np.float32)


def save_adapter(adapter: Adapter, path: Path) -> None:
    """Write an adapter to a file, with 8 bits for each weight of the map and the table.

    A scale for each column is stored beside them.
    """
    arrays: dict[str, Any] = {
        "embedder": np.array(adapter.embedder),
        "centre": adapter.centre,
        "rarity": adapter.idf.astype(np.float16),
        "weights": np.array(adapter.weights, np.float32),
    }
    for name, matrix in (("map", adapter.map), ("table", adapter.table)):
        arrays[name], arrays[f"{name}_scale"] = quantise(matrix, axis=0)
    np.savez_compressed(path, **arrays)


def load_adapter(path: Path) -> Adapter:
    """Read an adapter that `save_adapter` wrote."""
    with np.load(path) as arrays:
        first, second = arrays["weights"].tolist()
        return Adapter(
            embedder=str(arrays["embedder"]),
            centre=arrays["centre"],
            map=arrays["map"] * arrays["map_scale"],
            idf=arrays["rarity"].astype(np.float32),
            table=arrays["table"] * arrays["table_scale"],
            weights=(first, second),
        )


@cache
def load_shipped_adapter() -> Adapter:
    """Return the adapter shipped with this package, read once.

    Its card, `adapter.md` beside it, gives the training data, the method, the figures and the date.
    """
    return load_adapter(Path(str(files(__package__) / SHIPPED_FILE)))
