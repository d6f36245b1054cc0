"""An embedder for tests that need offers ranked somehow, and fast."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np

from oim.features.matching.index import Vector
from oim.kit.text import fold


class HashingEmbedder:
    """An embedder that takes no time: it counts words in 64 buckets, chosen by a hash of the word."""

    url = "hashing:64"
    dimension = 64
    cosine_range = (0.0, 1.0)

    def embed_queries(self, texts: Sequence[str]) -> Vector:
        return np.stack([self._vector(text) for text in texts])

    embed_passages = embed_queries

    def _vector(self, text: str) -> Vector:
        vector = np.full(self.dimension, 1e-3, np.float32)
        for word in fold(text).encode("utf-8").split():
            vector[crc32(word) % self.dimension] += 1
        return np.asarray(vector / np.linalg.norm(vector), np.float32)
