"""Vectors of a corpus kept in one file, so that an evaluation run again embeds nothing twice.

Only texts embedded while it is open are kept: queries are embedded after it is closed, and timed.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType

import numpy as np

from oim.features.matching import Embedder, Vector
from oim.kit.errors import UnavailableError
from oim.kit.i18n import mark

BATCH_SIZE = 32  # texts an embedding call: what a killed process loses
Progress = Callable[[int, int], None]  # how many of how many


class DiskCachedEmbedder:
    """An `Embedder` that remembers, in a file, what it embeds inside its `with` block."""

    def __init__(self, embedder: Embedder, path: Path, progress: Progress) -> None:
        self._embedder = embedder
        self._path = path
        self._progress = progress
        self._connection: sqlite3.Connection | None = None
        self.url = embedder.url
        self.dimension = embedder.dimension
        self.cosine_range = embedder.cosine_range

    def __enter__(self) -> DiskCachedEmbedder:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(self._path, isolation_level=None, timeout=60)
            self._connection.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB)")
        except (OSError, sqlite3.Error) as error:
            raise UnavailableError(
                mark("Vectors cannot be kept in %(path)s: %(cause)s"), path=self._path, cause=error
            ) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    def embed_queries(self, texts: Sequence[str]) -> Vector:
        return self._embed(texts, self._embedder.embed_queries, "query")

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        return self._embed(texts, self._embedder.embed_passages, "passage")

    def _embed(self, texts: Sequence[str], embed: Callable[[Sequence[str]], Vector], kind: str) -> Vector:
        if self._connection is None:
            return embed(texts)
        keys = [self._key(kind, text) for text in texts]
        wanted = dict(zip(keys, texts, strict=True))
        vectors = self._load_vectors(self._connection, list(wanted))
        lacking = [key for key in wanted if key not in vectors]
        for start in range(0, len(lacking), BATCH_SIZE):
            chunk = lacking[start : start + BATCH_SIZE]
            packed = [vector.astype("<f2").tobytes() for vector in embed([wanted[key] for key in chunk])]
            rows = list(zip(chunk, packed, strict=True))
            self._connection.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)
            vectors.update(rows)
            self._progress(start + len(chunk), len(lacking))
        return self._stack([vectors[key] for key in keys])

    def _key(self, kind: str, text: str) -> bytes:
        return hashlib.blake2b("\0".join((self.url, kind, text)).encode(), digest_size=16).digest()

    def _load_vectors(self, connection: sqlite3.Connection, keys: list[bytes]) -> dict[bytes, bytes]:
        query = "SELECT vector FROM vectors WHERE key = ?"
        found = ((key, connection.execute(query, (key,)).fetchone()) for key in keys)
        return {key: row[0] for key, row in found if row}

    def _stack(self, packed: list[bytes]) -> Vector:
        flat = np.frombuffer(b"".join(packed), "<f2").reshape(len(packed), self.dimension)
        return flat.astype(np.float32)
