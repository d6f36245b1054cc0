"""How alike short texts are by their words and n-grams: what the adapter tells without an embedder."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from oim.features.titles.adapter import Vector, load_shipped_adapter

CACHE_SIZE = 65536  # titles, half a kilobyte each
_vector_cache: dict[str, Vector] = {}  # made in one go for all that lack: one by one costs ten times more


def score_similarity(text: str, titles: Sequence[str]) -> Vector:
    """Of what is said to each title, from 0 to 1."""
    if not text or not titles:
        return np.zeros(len(titles), np.float32)
    query = load_shipped_adapter().encode_ngrams([text])[0]
    # Not `@`: BLAS rounds a row's product by where the row stands, and equal titles must score the same bits
    # wherever they stand, or candidates of one score change places with the order in which they came.
    alike = (_encode_cached(titles) * query).sum(axis=1)
    return np.asarray(alike.clip(0, 1), np.float32)


def _encode_cached(titles: Sequence[str]) -> Vector:
    held = {title: _vector_cache.get(title) for title in titles}
    lacking = [title for title, vector in held.items() if vector is None]
    if lacking:
        made = dict(zip(lacking, load_shipped_adapter().encode_ngrams(lacking), strict=True))
        if len(_vector_cache) + len(made) > CACHE_SIZE:
            _vector_cache.clear()
        _vector_cache.update(made)
        held |= made
    return np.array([held[title] for title in titles], np.float32)
