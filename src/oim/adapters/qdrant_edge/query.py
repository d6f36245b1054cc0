"""The neutral query as a Qdrant Edge request."""

from __future__ import annotations

import qdrant_edge as qe

from oim.features.matching.hits import enough
from oim.features.matching.index_payload import Condition, groups
from oim.features.matching.types import IndexQuery

RRF_K = 60  # Cormack, Clarke and Büttcher, 2009
BEAM = 200  # candidates kept while the graph is walked: recall@10 of 0.97 at 100,000 offers


def translate(query: IndexQuery) -> qe.QueryRequest:
    """One request: the rankings of each group of offers, filtered, then fused."""
    prefetches = [
        qe.Prefetch(
            limit=query.depth,
            query=ranking,
            filter=qe.Filter(must=[_condition(condition) for condition in group]),
            params=qe.SearchParams(hnsw_ef=BEAM),
        )
        for group in groups(query)
        for ranking in _rankings(query)
    ]
    return qe.QueryRequest(
        limit=enough(query, len(prefetches)),
        prefetches=prefetches,
        query=qe.Fusion.Rrf(k=RRF_K),  # type: ignore[arg-type]  # its stubs do not derive Rrf from Fusion
        with_payload=["card"],
        with_vector=["dense"] if query.vector is not None else False,
    )


def _rankings(query: IndexQuery) -> list[qe.Query | qe.OrderBy]:
    found: list[qe.Query | qe.OrderBy] = []
    if query.vector is not None:
        found.append(qe.Query.Nearest(query.vector.tolist(), using="dense"))
    if query.terms is not None:
        terms = qe.SparseVector(indices=list(query.terms.indices), values=list(query.terms.values))
        found.append(qe.Query.Nearest(terms, using="terms"))
    return found or [qe.OrderBy("published_at", qe.Direction.Desc)]


def _condition(condition: Condition) -> qe.FieldCondition:
    value = condition.value
    if isinstance(value, tuple):
        return qe.FieldCondition(key=condition.key, match=qe.MatchAny(list(value)))
    bounds = qe.RangeFloat(gte=value) if condition.relation == "at_least" else qe.RangeFloat(lte=value)
    return qe.FieldCondition(key=condition.key, range=bounds)
