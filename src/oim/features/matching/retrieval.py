"""Second stage: one index query, which filters, ranks by vector and by words, and fuses the rankings."""

from __future__ import annotations

from dataclasses import replace

from oim.features import places
from oim.features.matching.bm25 import encode_query, stem_query
from oim.features.matching.index import Hit, IndexQuery, Vector
from oim.features.matching.ports import Searchable
from oim.features.matching.understanding import Understanding

DEPTH = 50  # candidates of each ranking, and of the fused list when there is something to rank by
MAX_ENABLERS = 20  # offers that may give what another one requires
# Without anything to rank by, the index lists the newest offers of each kind and those of the nearby region:
# at most three kinds and one region, `DEPTH` offers of each.
MAX_GROUPS = 4


def build_query(understanding: Understanding, vector: Vector | None) -> IndexQuery:
    """Build the index query for a profile and the vector of its text (None: no distinctive words).

    The words searched include the official names of trades that the person described in other words.
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
    """The same query for offers of any kind that give one of these benefits (see `paths`)."""
    filters = replace(query.filters, kinds=(), gives=benefits)
    return replace(query, filters=filters, depth=MAX_ENABLERS, limit=MAX_ENABLERS)


def retrieve(index: Searchable, query: IndexQuery) -> list[Hit]:
    """Run a query against an index; returns candidates, best first."""
    return index.search(query)


def drop_excluded(understanding: Understanding, hits: list[Hit]) -> list[Hit]:
    """The hits without those of trades, kinds and places that the person does not want."""
    exclusions = understanding.exclusions
    if not exclusions:
        return hits
    wished = frozenset(link.occupation.isco for link in understanding.occupations)
    return [
        hit
        for hit in hits
        if not exclusions.excludes(
            hit.card.title,
            hit.card.kind,
            hit.card.occupations,
            (hit.card.commune, hit.card.department, hit.card.region),
            wished,
        )
    ]
