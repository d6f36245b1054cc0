"""An embedder for tests: each word of a text adds its own direction to the vector."""

import zlib
from collections.abc import Sequence

import numpy as np

from oim.features.matching.index import Vector


class WordEmbedder:
    """Records the texts it embeds, so that tests see which vectors came from a cache."""

    url = "made:words"
    dimension = 64
    cosine_range = (0.0, 1.0)

    def __init__(self) -> None:
        self.embedded_texts: list[str] = []

    def embed_queries(self, texts: Sequence[str]) -> Vector:
        self.embedded_texts += texts
        return np.stack([self._vector(text) for text in texts])

    embed_passages = embed_queries

    def _vector(self, text: str) -> Vector:
        vector = np.zeros(self.dimension, np.float32)
        for word in text.lower().split():
            vector[zlib.crc32(word.encode()) % self.dimension] += 1
        return np.asarray(vector / max(float(np.linalg.norm(vector)), 1.0), np.float32)
