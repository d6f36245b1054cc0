"""The neutral query as arguments of `QdrantClient.query_points`."""

from __future__ import annotations

from typing import Any

from qdrant_client import models as m

from oim.features.matching.hits import count_points_to_request
from oim.features.matching.index_payload import Condition, list_condition_groups
from oim.features.matching.types import IndexQuery

RRF_K = 60  # Cormack, Clarke and Büttcher, 2009
HNSW_EF = 200  # candidates kept while the graph is walked


def to_query_arguments(query: IndexQuery) -> dict[str, Any]:
    """The rankings of each group of offers, filtered, then fused."""
    prefetches = [
        m.Prefetch(
            query=ranking,
            using=using,
            filter=m.Filter(must=[_to_field_condition(condition) for condition in group]),
            limit=query.depth,
            params=m.SearchParams(hnsw_ef=HNSW_EF),
        )
        for group in list_condition_groups(query)
        for using, ranking in _to_rankings(query)
    ]
    return {
        "prefetch": prefetches,
        "query": m.RrfQuery(rrf=m.Rrf(k=RRF_K)),
        "limit": count_points_to_request(query, len(prefetches)),
        "with_payload": ["card"],
        "with_vectors": ["dense"] if query.vector is not None else False,
    }


def _to_rankings(
    query: IndexQuery,
) -> list[tuple[str | None, list[float] | m.SparseVector | m.OrderByQuery]]:
    found: list[tuple[str | None, list[float] | m.SparseVector | m.OrderByQuery]] = []
    if query.vector is not None:
        found.append(("dense", query.vector.tolist()))
    if query.terms is not None:
        terms = m.SparseVector(indices=list(query.terms.indices), values=list(query.terms.values))
        found.append(("terms", terms))
    newest = m.OrderBy(key="published_at", direction=m.Direction.DESC)
    return found or [(None, m.OrderByQuery(order_by=newest))]


def _to_field_condition(condition: Condition) -> m.FieldCondition:
    value = condition.value
    if isinstance(value, tuple):
        return m.FieldCondition(key=condition.key, match=m.MatchAny(any=list(value)))
    bounds = m.Range(gte=value) if condition.relation == "at_least" else m.Range(lte=value)
    return m.FieldCondition(key=condition.key, range=bounds)
