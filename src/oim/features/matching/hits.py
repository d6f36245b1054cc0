"""What an index answered, as hits: the same for every adapter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import numpy as np

from oim.features.matching import cards
from oim.features.matching.types import Hit, IndexQuery


def hits(query: IndexQuery, points: Iterable[tuple[UUID, float, str, Sequence[float] | None]]) -> list[Hit]:
    """Hits of points given as id, fused score, card and dense vector, in their order."""
    found = list(points)
    if query.vector is None or not found:
        return [Hit(id_, score, cards.load(card)) for id_, score, card, _ in found]
    vectors: Any = np.array([vector for *_, vector in found], np.float32)
    cosines = (vectors @ query.vector).tolist()
    return [
        Hit(id_, score, cards.load(card), cosine)
        for (id_, score, card, _), cosine in zip(found, cosines, strict=True)
    ]
