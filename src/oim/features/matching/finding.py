"""Offers for words alone, most fitting first: for nobody in particular, so without verdicts and reasons."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from oim.features.matching.ports import MOST_FOUND, Searched
from oim.features.matching.ranking import Ranked, rank
from oim.features.matching.retrieval import question, retrieve
from oim.features.matching.types import Vector
from oim.features.matching.understanding import Understanding

AROUND = 0.6  # of the feature of place: from here on an offer lies in the region named, or near


def find(
    understanding: Understanding,
    vector: Vector | None,
    index: Searched,
    cosine_range: tuple[float, float],
    limit: int,
) -> list[UUID]:
    """At most `limit` offers that have to do with what was said, rather none than any.

    Words that only name a place or a kind find what lies there or is of that kind; words that say nothing
    find nothing.
    """
    asked = replace(question(understanding, vector), depth=MOST_FOUND, limit=MOST_FOUND)
    ranked = rank(understanding, retrieve(index, asked), cosine_range)
    if not understanding.stems:
        ranked = [one for one in ranked if _is_meant(understanding, one)]
    return [one.hit.id for one in ranked[:limit]]


def _is_meant(understanding: Understanding, one: Ranked) -> bool:
    there = understanding.place is None or one.features["place"] >= AROUND
    of_kind = not understanding.kinds or one.hit.card.kind in understanding.kinds
    return there and of_kind and (understanding.place is not None or bool(understanding.kinds))
