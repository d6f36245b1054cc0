"""Vectors of offers, computed once for each text and embedder and kept in the database."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from oim.features.matching.documents import passage_hash
from oim.features.matching.models import VectorRow
from oim.features.matching.ports import Embedder
from oim.features.matching.types import Vector
from oim.kit.db import Database

CHUNK = 8  # texts an embedding call: what a killed process loses, and what a query may wait behind


def of_passages(database: Database, embedder: Embedder, texts: Sequence[str]) -> Vector:
    """Float32 array of shape (len(texts), dimension); those not yet kept are embedded and kept."""
    hashes = [passage_hash(text) for text in texts]
    with database.read() as session:
        query = select(VectorRow.text_hash, VectorRow.vector).where(
            VectorRow.embedder == embedder.url, VectorRow.text_hash.in_(hashes)
        )
        kept = {bytes(key): _unpack(packed) for key, packed in session.execute(query)}
    lacking = {key: text for key, text in zip(hashes, texts, strict=True) if key not in kept}
    keys = list(lacking)
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        vectors = embedder.embed_passages([lacking[key] for key in chunk])
        rows = [
            {"embedder": embedder.url, "text_hash": key, "vector": vector.astype("<f2").tobytes()}
            for key, vector in zip(chunk, vectors, strict=True)
        ]
        with database.write() as session:
            session.execute(insert(VectorRow).on_conflict_do_nothing(), rows)
        kept |= {row["text_hash"]: _unpack(row["vector"]) for row in rows}
    return (
        np.stack([kept[key] for key in hashes]) if hashes else np.empty((0, embedder.dimension), np.float32)
    )


def _unpack(packed: bytes) -> Vector:
    return np.frombuffer(packed, "<f2").astype(np.float32)
