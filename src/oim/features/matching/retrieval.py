"""Second stage: one question to the index, dense and sparse rankings filtered and fused inside it."""

from __future__ import annotations

from dataclasses import replace

from oim.features import places
from oim.features.matching.bm25 import encode_query, query_stems
from oim.features.matching.ports import Searched
from oim.features.matching.types import Hit, IndexQuery, Vector
from oim.features.matching.understanding import Understanding

DEPTH = 50  # candidates of each ranking, and of the fusion when there is something to rank by
DOORS = 20  # offers that may open another
GROUPS = 4  # at most: each kind, and the region near


def question(understanding: Understanding, vector: Vector | None) -> IndexQuery:
    """The index query for an understanding and the vector of its text.

    The sparse side also asks for the names of trades, which the person may have told in other words.
    """
    lineage = places.lineage(understanding.place.code) if understanding.place else ()
    return IndexQuery(
        filters=understanding.filters,
        vector=vector,
        terms=encode_query(query_stems(understanding.text)),
        near=lineage[0].code if lineage else None,
        depth=DEPTH,
        limit=DEPTH if vector is not None else GROUPS * DEPTH,
    )


def doors(asked: IndexQuery, signs: tuple[str, ...]) -> IndexQuery:
    """The same question for offers of any kind that give one of these signs: see `unlocking`."""
    filters = replace(asked.filters, kinds=(), gives=signs)
    return replace(asked, filters=filters, depth=DOORS, limit=DOORS)


def retrieve(index: Searched, query: IndexQuery) -> list[Hit]:
    """Candidates, best first."""
    return index.search(query)
