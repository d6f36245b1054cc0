"""Cache of text vectors in a SQLite file, so that repeated evaluations embed each text of a corpus only once.

Only texts embedded while the cache is open are stored. Queries are embedded after it is closed, since their
time is measured.
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

BATCH_SIZE = 32  # texts per embedding call: at most so many are lost when the process is killed
Progress = Callable[[int, int], None]  # the number of texts embedded so far, and of all


class DiskCachedEmbedder:
    """An `Embedder` that stores in a file what it embeds inside its `with` block; outside, it only embeds."""

    def __init__(self, embedder: Embedder, path: Path, on_progress: Progress) -> None:
        """Wrap an embedder; `path` is the file, made with its folder when missing."""
        self._embedder = embedder
        self._path = path
        self._on_progress = on_progress
        self._connection: sqlite3.Connection | None = None
        self.url = embedder.url
        self.dimension = embedder.dimension
        self.cosine_range = embedder.cosine_range

    def __enter__(self) -> DiskCachedEmbedder:
        """Open the file. Raises UnavailableError when it cannot be written."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # Without an isolation level each statement commits at once: a killed process loses one batch.
            # Another evaluation may use the file: wait up to 60 seconds for its write.
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
        """Close the file."""
        if self._connection:
            self._connection.close()
        self._connection = None

    def embed_queries(self, texts: Sequence[str]) -> Vector:
        """Vectors of texts that search, shape (texts, dimension)."""
        return self._embed(texts, self._embedder.embed_queries, "query")

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        """Vectors of texts to be found, shape (texts, dimension)."""
        return self._embed(texts, self._embedder.embed_passages, "passage")

    def _embed(self, texts: Sequence[str], embed: Callable[[Sequence[str]], Vector], kind: str) -> Vector:
        """Load the stored vectors of texts, then embed and store the missing ones."""
        if self._connection is None:
            return embed(texts)
        keys = [self._key(kind, text) for text in texts]
        text_by_key = dict(zip(keys, texts, strict=True))
        vectors = self._load_vectors(self._connection, list(text_by_key))
        missing = [key for key in text_by_key if key not in vectors]
        for start in range(0, len(missing), BATCH_SIZE):
            batch = missing[start : start + BATCH_SIZE]
            # Half precision, little endian, halves the file. New vectors take the same detour through bytes:
            # a first run and a repeated one compute with the same numbers.
            packed = [vector.astype("<f2").tobytes() for vector in embed([text_by_key[key] for key in batch])]
            rows = list(zip(batch, packed, strict=True))
            # OR IGNORE: another process may have stored the same text meanwhile.
            self._connection.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)
            vectors.update(rows)
            self._on_progress(start + len(batch), len(missing))
        return self._stack([vectors[key] for key in keys])

    def _key(self, kind: str, text: str) -> bytes:
        """The key of a text: another embedder, or the text as a query, has another vector."""
        return hashlib.blake2b("\0".join((self.url, kind, text)).encode(), digest_size=16).digest()

    def _load_vectors(self, connection: sqlite3.Connection, keys: list[bytes]) -> dict[bytes, bytes]:
        """The stored vectors of keys, as bytes; keys without one are omitted."""
        query = "SELECT vector FROM vectors WHERE key = ?"
        rows = ((key, connection.execute(query, (key,)).fetchone()) for key in keys)
        return {key: row[0] for key, row in rows if row}

    def _stack(self, packed: list[bytes]) -> Vector:
        """Build the matrix of packed vectors, shape (vectors, dimension)."""
        flat = np.frombuffer(b"".join(packed), "<f2").reshape(len(packed), self.dimension)
        return flat.astype(np.float32)
