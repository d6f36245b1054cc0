"""Vectors of texts, computed once for each text and embedder.

Vectors of offers and of trade names live in the database, or are shipped (`shipped_vectors`); vectors of
people's queries only in memory.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import blake2b

import numpy as np
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from oim.features.matching.documents import hash_passage
from oim.features.matching.embedding_slots import EmbeddingSlots
from oim.features.matching.index import Vector
from oim.features.matching.models import VectorRow
from oim.features.matching.ports import Embedder
from oim.features.matching.shipped_vectors import find_shipped_vectors
from oim.kit.db import Database

# Texts in one embedding call: what a killed process loses, and what a query may have to wait behind.
EMBEDDING_BATCH = 8
SHORT_QUERY = 120  # characters of a query: a sentence
MAX_CACHED_TEXTS = 4096  # texts: some 6 MB (384 float32 numbers each)


def embed_offers(embedder: Embedder, texts: Sequence[str]) -> Vector:
    """Embed offers: the normalised mean of the vectors of the whole text and of its first line, the title.

    People's searches resemble titles more than descriptions, so the title is embedded as a query.
    """
    titles = [text.partition("\n")[0] for text in texts]
    sums = embedder.embed_queries(titles) + embedder.embed_passages(texts)
    # 1e-9 avoids a division by zero where title and text cancel out.
    return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9), np.float32)


def get_or_embed_offers(database: Database, embedder: Embedder, texts: Sequence[str]) -> Vector:
    """The vectors of offers' texts: stored ones, and the missing ones embedded and stored now.

    Returns a float32 array of shape (len(texts), dimension).
    """
    keys = [hash_passage(text) for text in texts]
    vectors = load_stored_vectors(database, embedder, keys)
    # A dict: a text that several offers share is embedded once.
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in vectors}
    for batch in embed_and_store(database, embedder, missing, embed_offers):
        vectors |= batch
    # `np.stack` refuses an empty list.
    return np.stack([vectors[key] for key in keys]) if keys else np.empty((0, embedder.dimension), np.float32)


def load_stored_vectors(database: Database, embedder: Embedder, keys: Sequence[bytes]) -> dict[bytes, Vector]:
    """The vectors stored or shipped under these keys; keys without one are left out."""
    vectors = find_shipped_vectors(embedder.url, keys)
    missing = [key for key in keys if key not in vectors]
    if not missing:
        return vectors
    with database.read() as session:
        query = select(VectorRow.text_hash, VectorRow.vector).where(
            VectorRow.embedder == embedder.url, VectorRow.text_hash.in_(missing)
        )
        return vectors | {bytes(key): _unpack_float16(packed) for key, packed in session.execute(query)}


def embed_and_store(
    database: Database,
    embedder: Embedder,
    texts_by_key: Mapping[bytes, str],
    embed: Callable[[Embedder, Sequence[str]], Vector],
) -> Iterator[dict[bytes, Vector]]:
    """Embed texts in small batches, committing each batch before the next is embedded.

    Yields the vectors of each batch by key, rounded to float16 precision as they are stored.
    """
    keys = list(texts_by_key)
    for start in range(0, len(keys), EMBEDDING_BATCH):
        chunk = keys[start : start + EMBEDDING_BATCH]
        vectors = embed(embedder, [texts_by_key[key] for key in chunk])
        rows = [
            {"embedder": embedder.url, "text_hash": key, "vector": vector.astype("<f2").tobytes()}
            for key, vector in zip(chunk, vectors, strict=True)
        ]
        with database.write() as session:
            # Another process may have stored the same text meanwhile; its vector is the same.
            session.execute(insert(VectorRow).on_conflict_do_nothing(), rows)
        # Unpacked again, so that a first run and a later one work with exactly the same numbers.
        yield {row["text_hash"]: _unpack_float16(row["vector"]) for row in rows}


def _unpack_float16(packed: bytes) -> Vector:
    """Decode a stored vector (little-endian float16) to float32."""
    return np.frombuffer(packed, "<f2").astype(np.float32)


class CachedEmbedder:
    """Embeds queries with one embedder and caches the most recent vectors in memory (least recently used go).

    The cache key is a keyed hash of the text: nobody's words stay in memory.
    """

    def __init__(self, embedder: Embedder, slots: EmbeddingSlots) -> None:
        self._embedder = embedder
        self._slots = slots
        self._hash_key = secrets.token_bytes(32)  # random for each process, never stored
        self._vectors: OrderedDict[bytes, Vector] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, text: str, *, known: bool = False) -> Vector | None:
        text_hash = blake2b(text.encode(), key=self._hash_key, digest_size=16).digest()
        with self._lock:
            if text_hash in self._vectors:
                self._vectors.move_to_end(text_hash)
                return self._vectors[text_hash]
        # Embedding outside the lock lets other queries go on; at worst two threads embed the same text.
        with self._slots.take(known=known, long=len(text) > SHORT_QUERY) as has_place:
            if not has_place:
                return None
            vector: Vector = self._embedder.embed_queries([text])[0]
        with self._lock:
            self._vectors[text_hash] = vector
            while len(self._vectors) > MAX_CACHED_TEXTS:
                self._vectors.popitem(last=False)
        return vector
