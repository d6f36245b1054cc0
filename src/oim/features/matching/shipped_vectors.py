"""Vectors shipped with this package: of the sample offers and of the names of trades.

Everybody's first start needs them, and they are the same everywhere: embedding them would keep a laptop busy
for minutes. A text that changed since the file was written has no vector here, and is embedded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from oim.features.matching.index import Vector
from oim.features.titles import quantise

SHIPPED_FILE = "shipped_vectors.npz"


def find_shipped_vectors(embedder_url: str, keys: Sequence[bytes]) -> dict[bytes, Vector]:
    """Return the shipped vectors that an embedder makes of the texts with these keys (`hash_passage`).

    Keys without one are left out. Each vector is float32 and of unit length, within 0.01 of the embedder's.
    """
    url, places, rows, scales = _load(_shipped_path())
    if url != embedder_url:
        return {}
    return {key: rows[place] * scales[place] for key in keys if (place := places.get(key)) is not None}


def save_shipped_vectors(path: Path, embedder_url: str, vectors: Mapping[bytes, Vector]) -> None:
    """Write vectors to a file by the keys of their texts, 8 bits for each number and a scale for each row."""
    keys = sorted(vectors)
    rows, scales = quantise(np.stack([vectors[key] for key in keys]), axis=1)
    np.savez_compressed(
        path,
        embedder=np.array(embedder_url),
        keys=np.frombuffer(b"".join(keys), np.uint8).reshape(len(keys), -1),
        vectors=rows,
        scales=scales,
    )


def _shipped_path() -> Path:
    return Path(str(files(__package__) / SHIPPED_FILE))


@cache
def _load(path: Path) -> tuple[str, dict[bytes, int], Vector, Vector]:
    """Read a file once: the embedder's URL, the row of each key, the rows, and what to multiply each by."""
    with np.load(path) as arrays:
        places = {key.tobytes(): place for place, key in enumerate(arrays["keys"])}
        return str(arrays["embedder"]), places, arrays["vectors"], arrays["scales"]
