"""Offers for words alone, most fitting first: for nobody in particular, so without verdicts and reasons."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from oim.features.matching.ports import MAX_SEARCH_HITS, Searchable
from oim.features.matching.ranking import RankedOffer, rank
from oim.features.matching.retrieval import build_query, retrieve
from oim.features.matching.types import Vector
from oim.features.matching.understanding import Understanding

MIN_NEARBY_SCORE = 0.6  # of the feature of place: from here on an offer lies in the region named, or near


def search_by_words(
    understanding: Understanding,
    vector: Vector | None,
    index: Searchable,
    cosine_range: tuple[float, float],
    limit: int,
) -> list[UUID]:
    """At most `limit` offers that have to do with what was said, rather none than any.

    Words that only name a place or a kind find what lies there or is of that kind; words that say nothing
    find nothing.
    """
    asked = replace(build_query(understanding, vector), depth=MAX_SEARCH_HITS, limit=MAX_SEARCH_HITS)
    ranked = rank(understanding, retrieve(index, asked), cosine_range)
    if not understanding.stems:
        ranked = [one for one in ranked if _is_of_place_and_kind(understanding, one)]
    return [one.hit.id for one in ranked[:limit]]


def _is_of_place_and_kind(understanding: Understanding, candidate: RankedOffer) -> bool:
    there = understanding.place is None or candidate.features["place"] >= MIN_NEARBY_SCORE
    of_kind = not understanding.kinds or candidate.hit.card.kind in understanding.kinds
    return there and of_kind and (understanding.place is not None or bool(understanding.kinds))
