"""An embedder and an adapter made up for tests: small, the same in every process."""

import zlib
from collections.abc import Sequence

import numpy as np

from oim.features.titles import Adapter
from oim.features.titles.adapter import Vector

DIMENSION, RANK, BUCKETS, WIDTH = 24, 12, 512, 16


class MadeEmbedder:
    """Unit vectors drawn from a seed that the text gives."""

    url = "made:seeded"

    def embed_queries(self, texts: Sequence[str]) -> Vector:
        rows = [np.random.default_rng(zlib.crc32(text.encode())).normal(size=DIMENSION) for text in texts]
        vectors = np.array(rows, np.float32).reshape(len(texts), DIMENSION)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def made_adapter(url: str = MadeEmbedder.url) -> Adapter:
    """Random weights."""
    chance = np.random.default_rng(5)

    def drawn(*shape: int) -> Vector:
        return chance.normal(size=shape).astype(np.float32)

    rarity = chance.uniform(1, 9, BUCKETS).astype(np.float32)
    mapping, table = drawn(DIMENSION, RANK), drawn(BUCKETS, WIDTH)
    return Adapter(url, drawn(DIMENSION) / 9, mapping, rarity, table, (0.6, 0.4))
