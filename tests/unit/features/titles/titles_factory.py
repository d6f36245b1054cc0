"""A stand-in embedder and adapter for tests: small, and the same in every process."""

import zlib
from collections.abc import Sequence

import numpy as np

from oim.features.titles import Adapter
from oim.features.titles.adapter import Vector

DIMENSION, RANK, BUCKETS, WIDTH = 24, 12, 512, 16


class SeededEmbedder:
    """Embeds a text as a random unit vector whose seed is a hash of the text."""

    url = "made:seeded"

    def embed_queries(self, texts: Sequence[str]) -> Vector:
        rows = [np.random.default_rng(zlib.crc32(text.encode())).normal(size=DIMENSION) for text in texts]
        vectors = np.array(rows, np.float32).reshape(len(texts), DIMENSION)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def random_adapter(url: str = SeededEmbedder.url) -> Adapter:
    """An adapter with random weights, the same at every call."""
    rng = np.random.default_rng(5)

    def draw(*shape: int) -> Vector:
        return rng.normal(size=shape).astype(np.float32)

    idf = rng.uniform(1, 9, BUCKETS).astype(np.float32)
    mapping, table = draw(DIMENSION, RANK), draw(BUCKETS, WIDTH)
    return Adapter(url, draw(DIMENSION) / 9, mapping, idf, table, (0.6, 0.4))
