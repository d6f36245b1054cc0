"""The neutral query as arguments of `QdrantClient.query_points`."""

from __future__ import annotations

from typing import Any

from qdrant_client import models as m

from oim.features.matching.cards import Condition, conditions
from oim.features.matching.types import IndexQuery

RRF_K = 60  # Cormack, Clarke and Büttcher, 2009
BEAM = 200  # candidates kept while the graph is walked


def search_arguments(query: IndexQuery) -> dict[str, Any]:
    """Filtered rankings fused, or the newest first when there is nothing to rank by."""
    must: list[m.Condition] = [_condition(condition) for condition in conditions(query.filters)]
    if query.vector is None and query.terms is None:
        newest = m.OrderBy(key="published_at", direction=m.Direction.DESC)
        return {
            "query": m.OrderByQuery(order_by=newest),
            "query_filter": m.Filter(must=must),
            "limit": query.limit,
            "with_payload": ["card"],
        }
    filters = [m.Filter(must=must)]
    if query.near:
        here = m.FieldCondition(key="region", match=m.MatchValue(value=query.near))
        filters.append(m.Filter(must=[*must, here]))
    return {
        "prefetch": [
            m.Prefetch(
                query=ranking,
                using=using,
                filter=filter_,
                limit=query.depth,
                params=m.SearchParams(hnsw_ef=BEAM),
            )
            for filter_ in filters
            for using, ranking in _rankings(query)
        ],
        "query": m.RrfQuery(rrf=m.Rrf(k=RRF_K)),
        "limit": query.limit,
        "with_payload": ["card"],
        "with_vectors": ["dense"],
    }


def _rankings(query: IndexQuery) -> list[tuple[str, list[float] | m.SparseVector]]:
    found: list[tuple[str, list[float] | m.SparseVector]] = []
    if query.vector is not None:
        found.append(("dense", query.vector.tolist()))
    if query.terms is not None:
        terms = m.SparseVector(indices=list(query.terms.indices), values=list(query.terms.values))
        found.append(("terms", terms))
    return found


def _condition(condition: Condition) -> m.FieldCondition:
    value = condition.value
    if isinstance(value, tuple):
        return m.FieldCondition(key=condition.key, match=m.MatchAny(any=list(value)))
    bounds = m.Range(gte=value) if condition.relation == "at_least" else m.Range(lte=value)
    return m.FieldCondition(key=condition.key, range=bounds)
