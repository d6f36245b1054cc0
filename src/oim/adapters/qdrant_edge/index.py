"""One index of offers, as a shard of Qdrant Edge.

Qdrant Edge keeps the GIL while it works, so nothing else runs in this process meanwhile: batches stay short.
"""

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
    RRF_K,
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

BATCH_SIZE = 100  # documents of one update, so that queries are served between two
_FIELD_SCHEMAS = (
    (KEYWORD_FIELDS, qe.PayloadSchemaType.Keyword),
    (INTEGER_FIELDS, qe.PayloadSchemaType.Integer),
    (FLOAT_FIELDS, qe.PayloadSchemaType.Float),
)
HNSW_EF = 200  # candidates of a walk through the HNSW graph: recall@10 of 0.97 at 100,000 offers


class EdgeIndex:
    """The `Index` interface over one folder. Updates are in its write-ahead log when their call returns."""

    def __init__(self, shard: qe.EdgeShard) -> None:
        """Wrap an open shard; `create` and `load` open one."""
        self._shard = shard

    @classmethod
    def create(cls, folder: Path, dimension: int) -> EdgeIndex:
        """Create an empty index for vectors of a dimension, in a folder that does not exist yet."""
        folder.mkdir(parents=True)
        config = qe.EdgeConfig(
            vectors={"dense": qe.EdgeVectorParams(size=dimension, distance=qe.Distance.Cosine)},
            # Qdrant multiplies the weights of terms by their inverse document frequency.
            sparse_vectors={"terms": qe.EdgeSparseVectorParams(modifier=qe.Modifier.Idf)},
            # One segment after `optimize`: every further one is a graph more to walk for a query.
            optimizers=qe.EdgeOptimizersConfig(default_segment_number=1),
            payload_memory=qe.Memory.Cached,
        )
        shard = qe.EdgeShard.create(str(folder), config)
        # Fields without an index would be filtered by reading the payload of every candidate.
        for names, schema in _FIELD_SCHEMAS:
            for name in names:
                shard.update(qe.UpdateOperation.create_field_index(name, schema))
        return cls(shard)

    @classmethod
    def load(cls, folder: Path) -> EdgeIndex:
        """Open the index in a folder, with every update that was acknowledged before."""
        return cls(qe.EdgeShard.load(str(folder)))

    def search(self, query: IndexQuery) -> list[Hit]:
        """Find at most `query.limit` hits, best first."""
        return to_hits(query, map(_unpack_point, self._shard.query(to_query_request(query))))

    def upsert(self, documents: Sequence[Document]) -> None:
        """Add or replace documents, durably."""
        for start in range(0, len(documents), BATCH_SIZE):
            points = [_to_point(document) for document in documents[start : start + BATCH_SIZE]]
            self._shard.update(qe.UpdateOperation.upsert_points(points))

    def delete(self, ids: Sequence[UUID]) -> None:
        """Remove offers; unknown ids are no error."""
        if ids:
            self._shard.update(qe.UpdateOperation.delete_points(list(ids)))

    def count(self) -> int:
        """Count the offers in the index."""
        return self._shard.count(qe.CountRequest(exact=True))

    def optimize(self) -> None:
        """Merge segments and build the graph; this blocks the process up to a minute at 100,000 offers."""
        self._shard.optimize()
        self._shard.flush()

    def close(self) -> None:
        """Release the folder."""
        self._shard.close()


def _to_point(document: Document) -> qe.Point:
    """Convert a document to a point: two vectors, the fields of filters, and the card as JSON."""
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
    """Take the id, score, card and dense vector (where it was requested) out of a point."""
    payload, vector = point.payload or {}, point.vector
    dense: Any = vector.get("dense") if isinstance(vector, dict) else None
    return cast(UUID, point.id), point.score, payload["card"], dense


def to_query_request(query: IndexQuery) -> qe.QueryRequest:
    """Convert a query to one request, whose filtered rankings Qdrant fuses by reciprocal rank.

    There is a ranking for each group of offers by each kind of vector.
    """
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
        # The vector of each hit, from which its cosine with the query is computed; ranks alone do not say it.
        with_vector=["dense"] if query.vector is not None else False,
    )


def _to_rankings(query: IndexQuery) -> list[qe.Query | qe.OrderBy]:
    """List the rankings that a query needs: by dense vector, by terms, or by date where it has neither."""
    rankings: list[qe.Query | qe.OrderBy] = []
    if query.vector is not None:
        rankings.append(qe.Query.Nearest(query.vector.tolist(), using="dense"))
    if query.terms is not None:
        terms = qe.SparseVector(indices=list(query.terms.indices), values=list(query.terms.values))
        rankings.append(qe.Query.Nearest(terms, using="terms"))
    return rankings or [qe.OrderBy("published_at", qe.Direction.Desc)]


def _to_field_condition(condition: Condition) -> qe.FieldCondition:
    """Convert one condition of a filter: any of several values, or a bound."""
    value = condition.value
    if isinstance(value, tuple):
        return qe.FieldCondition(key=condition.key, match=qe.MatchAny(list(value)))
    bounds = qe.RangeFloat(gte=value) if condition.relation == "at_least" else qe.RangeFloat(lte=value)
    return qe.FieldCondition(key=condition.key, range=bounds)
