"""Vectors of what was asked lately. They are found by a keyed hash: nobody's words are kept."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from hashlib import blake2b

from oim.features.matching.ports import Embedder
from oim.features.matching.types import Vector

MAX_CACHED_TEXTS = 4096  # texts: some 6 MB


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
