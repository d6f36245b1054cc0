"""One Qdrant Edge shard as an index of offers. It holds the GIL while it works, so batches stay short."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import qdrant_edge as qe

from oim.features.matching import (
    FLOAT_FIELDS,
    INTEGER_FIELDS,
    KEYWORD_FIELDS,
    Condition,
    Document,
    Hit,
    IndexQuery,
    count_points_to_request,
    dump_card,
    list_condition_groups,
    to_filter_fields,
    to_hits,
)

BATCH_SIZE = 100  # documents an update, so that queries are served between two
_FIELD_SCHEMAS = (
    (KEYWORD_FIELDS, qe.PayloadSchemaType.Keyword),
    (INTEGER_FIELDS, qe.PayloadSchemaType.Integer),
    (FLOAT_FIELDS, qe.PayloadSchemaType.Float),
)
RRF_K = 60  # Cormack, Clarke and Büttcher, 2009
HNSW_EF = 200  # candidates kept while the graph is walked: recall@10 of 0.97 at 100,000 offers


class EdgeIndex:
    """An `Index` in one folder. Updates are in its write-ahead log when `upsert` or `delete` returns."""

    def __init__(self, shard: qe.EdgeShard) -> None:
        self._shard = shard

    @classmethod
    def create(cls, folder: Path, dimension: int) -> EdgeIndex:
        """A new empty index in a folder that holds none."""
        folder.mkdir(parents=True)
        config = qe.EdgeConfig(
            vectors={"dense": qe.EdgeVectorParams(size=dimension, distance=qe.Distance.Cosine)},
            sparse_vectors={"terms": qe.EdgeSparseVectorParams(modifier=qe.Modifier.Idf)},
            optimizers=qe.EdgeOptimizersConfig(default_segment_number=1),
            payload_memory=qe.Memory.Cached,
        )
        shard = qe.EdgeShard.create(str(folder), config)
        for names, schema in _FIELD_SCHEMAS:
            for name in names:
                shard.update(qe.UpdateOperation.create_field_index(name, schema))
        return cls(shard)

    @classmethod
    def load(cls, folder: Path) -> EdgeIndex:
        """The index that a folder holds, with what its log says was acknowledged."""
        return cls(qe.EdgeShard.load(str(folder)))

    def search(self, query: IndexQuery) -> list[Hit]:
        """At most `query.limit` hits, best first."""
        return to_hits(query, map(_unpack_point, self._shard.query(to_query_request(query))))

    def upsert(self, documents: Sequence[Document]) -> None:
        """Add or replace, durably."""
        for start in range(0, len(documents), BATCH_SIZE):
            points = [_to_point(document) for document in documents[start : start + BATCH_SIZE]]
            self._shard.update(qe.UpdateOperation.upsert_points(points))

    def delete(self, ids: Sequence[UUID]) -> None:
        """Remove; unknown ids are no error."""
        if ids:
            self._shard.update(qe.UpdateOperation.delete_points(list(ids)))

    def count(self) -> int:
        """How many offers it holds."""
        return self._shard.count(qe.CountRequest(exact=True))

    def optimize(self) -> None:
        """Merge segments and build the graph; holds the GIL for up to a minute at 100,000 offers."""
        self._shard.optimize()
        self._shard.flush()

    def close(self) -> None:
        """Release the folder."""
        self._shard.close()


def _to_point(document: Document) -> qe.Point:
    terms = qe.SparseVector(indices=list(document.terms.indices), values=list(document.terms.values))
    return qe.Point(
        id=document.id,
        vector={"dense": document.vector.tolist(), "terms": terms},
        payload={
            **to_filter_fields(document.card),
            "card": dump_card(document.card),
        },
    )


def _unpack_point(point: qe.ScoredPoint) -> tuple[UUID, float, str, list[float] | None]:
    """Its id, score, card and dense vector, where it was asked for."""
    payload, vector = point.payload or {}, point.vector
    dense: Any = vector.get("dense") if isinstance(vector, dict) else None
    return cast(UUID, point.id), point.score, payload["card"], dense


def to_query_request(query: IndexQuery) -> qe.QueryRequest:
    """One request: the rankings of each group of offers, filtered, then fused."""
    prefetches = [
        qe.Prefetch(
            limit=query.depth,
            query=ranking,
            filter=qe.Filter(must=[_to_field_condition(condition) for condition in group]),
            params=qe.SearchParams(hnsw_ef=HNSW_EF),
        )
        for group in list_condition_groups(query)
        for ranking in _to_rankings(query)
    ]
    return qe.QueryRequest(
        limit=count_points_to_request(query, len(prefetches)),
        prefetches=prefetches,
        query=qe.Fusion.Rrf(k=RRF_K),  # type: ignore[arg-type]  # its stubs do not derive Rrf from Fusion
        with_payload=["card"],
        with_vector=["dense"] if query.vector is not None else False,
    )


def _to_rankings(query: IndexQuery) -> list[qe.Query | qe.OrderBy]:
    found: list[qe.Query | qe.OrderBy] = []
    if query.vector is not None:
        found.append(qe.Query.Nearest(query.vector.tolist(), using="dense"))
    if query.terms is not None:
        terms = qe.SparseVector(indices=list(query.terms.indices), values=list(query.terms.values))
        found.append(qe.Query.Nearest(terms, using="terms"))
    return found or [qe.OrderBy("published_at", qe.Direction.Desc)]


def _to_field_condition(condition: Condition) -> qe.FieldCondition:
    value = condition.value
    if isinstance(value, tuple):
        return qe.FieldCondition(key=condition.key, match=qe.MatchAny(list(value)))
    bounds = qe.RangeFloat(gte=value) if condition.relation == "at_least" else qe.RangeFloat(lte=value)
    return qe.FieldCondition(key=condition.key, range=bounds)
