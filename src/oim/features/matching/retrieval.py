"""Second stage: one question to the index, dense and sparse rankings filtered and fused inside it."""

from __future__ import annotations

from dataclasses import replace

from oim.features import places
from oim.features.matching.bm25 import encode_query, stem_query
from oim.features.matching.index import Hit, IndexQuery, Vector
from oim.features.matching.ports import Searchable
from oim.features.matching.understanding import Understanding

DEPTH = 50  # candidates of each ranking, and of the fusion when there is something to rank by
MAX_ENABLERS = 20  # offers that may open another
MAX_GROUPS = 4  # at most: each kind, and the region near


def build_query(understanding: Understanding, vector: Vector | None) -> IndexQuery:
    """The index query for an understanding and the vector of its text.

    The sparse side also asks for the names of trades, which the person may have told in other words.
    """
    lineage = places.lineage(understanding.place.code) if understanding.place else ()
    return IndexQuery(
        filters=understanding.filters,
        vector=vector,
        terms=encode_query(stem_query(understanding.query_text)),
        near_region=lineage[0].code if lineage else None,
        depth=DEPTH,
        limit=DEPTH if vector is not None else MAX_GROUPS * DEPTH,
    )


def build_enabler_query(query: IndexQuery, benefits: tuple[str, ...]) -> IndexQuery:
    """The same question for offers of any kind that give one of these signs: see `unlocking`."""
    filters = replace(query.filters, kinds=(), gives=benefits)
    return replace(query, filters=filters, depth=MAX_ENABLERS, limit=MAX_ENABLERS)


def retrieve(index: Searchable, query: IndexQuery) -> list[Hit]:
    """Candidates, best first."""
    return index.search(query)
