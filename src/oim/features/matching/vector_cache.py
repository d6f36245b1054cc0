"""Vectors of offers and of names of trades, made once for each text and embedder and kept in the database."""

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
from oim.features.matching.index import Vector
from oim.features.matching.models import VectorRow
from oim.features.matching.ports import Embedder
from oim.kit.db import Database

EMBEDDING_BATCH = 8  # texts an embedding call: what a killed process loses, and what a query may wait behind
MAX_CACHED_TEXTS = 4096  # texts: some 6 MB


def embed_offers(embedder: Embedder, texts: Sequence[str]) -> Vector:
    """The vectors of offers' texts: between that of the whole and that of its first line, the title.

    People say titles more than descriptions, so a title is embedded as what they say is.
    """
    titles = [text.partition("\n")[0] for text in texts]
    both = embedder.embed_queries(titles) + embedder.embed_passages(texts)
    return np.asarray(both / np.maximum(np.linalg.norm(both, axis=1, keepdims=True), 1e-9), np.float32)


def get_or_embed_offers(database: Database, embedder: Embedder, texts: Sequence[str]) -> Vector:
    """Float32 array of shape (len(texts), dimension); those not yet kept are embedded and kept."""
    keys = [hash_passage(text) for text in texts]
    found = load_stored_vectors(database, embedder, keys)
    lacking = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
    for made in embed_and_store(database, embedder, lacking, embed_offers):
        found |= made
    return np.stack([found[key] for key in keys]) if keys else np.empty((0, embedder.dimension), np.float32)


def load_stored_vectors(database: Database, embedder: Embedder, keys: Sequence[bytes]) -> dict[bytes, Vector]:
    """The vectors that are kept under these keys."""
    with database.read() as session:
        query = select(VectorRow.text_hash, VectorRow.vector).where(
            VectorRow.embedder == embedder.url, VectorRow.text_hash.in_(keys)
        )
        return {bytes(key): _unpack_float16(packed) for key, packed in session.execute(query)}


def embed_and_store(
    database: Database,
    embedder: Embedder,
    texts_by_key: Mapping[bytes, str],
    embed: Callable[[Embedder, Sequence[str]], Vector],
) -> Iterator[dict[bytes, Vector]]:
    """Embed texts by their keys, a few at a time, and keep each few before the next."""
    keys = list(texts_by_key)
    for start in range(0, len(keys), EMBEDDING_BATCH):
        chunk = keys[start : start + EMBEDDING_BATCH]
        vectors = embed(embedder, [texts_by_key[key] for key in chunk])
        rows = [
            {"embedder": embedder.url, "text_hash": key, "vector": vector.astype("<f2").tobytes()}
            for key, vector in zip(chunk, vectors, strict=True)
        ]
        with database.write() as session:
            session.execute(insert(VectorRow).on_conflict_do_nothing(), rows)
        yield {row["text_hash"]: _unpack_float16(row["vector"]) for row in rows}


def _unpack_float16(packed: bytes) -> Vector:
    return np.frombuffer(packed, "<f2").astype(np.float32)


class CachedEmbedder:
    """The vector of a text by one embedder; of the texts asked for longest ago none is kept."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._key = secrets.token_bytes(32)  # dies with the process
        self._vectors: OrderedDict[bytes, Vector] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, text: str) -> Vector:
        name = blake2b(text.encode(), key=self._key, digest_size=16).digest()
        with self._lock:
            if name in self._vectors:
                self._vectors.move_to_end(name)
                return self._vectors[name]
        vector: Vector = self._embedder.embed_queries([text])[0]
        with self._lock:
            self._vectors[name] = vector
            while len(self._vectors) > MAX_CACHED_TEXTS:
                self._vectors.popitem(last=False)
        return vector
