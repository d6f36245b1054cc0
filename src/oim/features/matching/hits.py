"""What an index answered, as hits: the same for every adapter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import numpy as np

from oim.features.matching import index_payload
from oim.features.matching.types import Hit, IndexQuery


def count_points_to_request(query: IndexQuery, rankings: int) -> int:
    """How many points to ask for, so that those equal to the last one wanted are among them.

    Of offers fused out of so many rankings, no more than that have the same score by their place in one.
    """
    return query.limit + rankings


def to_hits(
    query: IndexQuery, points: Iterable[tuple[UUID, float, str, Sequence[float] | None]]
) -> list[Hit]:
    """The best hits of points given as id, fused score, card and dense vector; equals by their id."""
    found = sorted(points, key=lambda point: (-point[1], point[0]))[: query.limit]
    if query.vector is None or not found:
        return [Hit(id_, score, index_payload.load_card(card)) for id_, score, card, _ in found]
    vectors: Any = np.array([vector for *_, vector in found], np.float32)
    cosines = (vectors @ query.vector).tolist()
    return [
        Hit(id_, score, index_payload.load_card(card), cosine)
        for (id_, score, card, _), cosine in zip(found, cosines, strict=True)
    ]
