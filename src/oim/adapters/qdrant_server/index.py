"""One collection of a Qdrant server as an index of offers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from qdrant_client import QdrantClient
from qdrant_client import models as m

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

BATCH_SIZE = 250  # documents a request
_FIELD_SCHEMAS = (
    (KEYWORD_FIELDS, m.PayloadSchemaType.KEYWORD),
    (INTEGER_FIELDS, m.PayloadSchemaType.INTEGER),
    (FLOAT_FIELDS, m.PayloadSchemaType.FLOAT),
)
RRF_K = 60  # Cormack, Clarke and Büttcher, 2009
HNSW_EF = 200  # candidates kept while the graph is walked


class ServerIndex:
    """The `Index` port. Every update waits until the server has it."""

    def __init__(self, client: QdrantClient, name: str) -> None:
        self._client = client
        self._name = name

    @classmethod
    def create(cls, client: QdrantClient, name: str, dimension: int) -> ServerIndex:
        """A new empty collection."""
        client.create_collection(
            name,
            vectors_config={"dense": m.VectorParams(size=dimension, distance=m.Distance.COSINE)},
            sparse_vectors_config={"terms": m.SparseVectorParams(modifier=m.Modifier.IDF)},
        )
        for names, schema in _FIELD_SCHEMAS:
            for field in names:
                client.create_payload_index(name, field, schema)
        return cls(client, name)

    def search(self, query: IndexQuery) -> list[Hit]:
        """At most `query.limit` hits, best first."""
        answer = self._client.query_points(self._name, **to_query_arguments(query))
        return to_hits(query, map(_unpack_point, answer.points))

    def upsert(self, documents: Sequence[Document]) -> None:
        """Add or replace, durably."""
        for start in range(0, len(documents), BATCH_SIZE):
            points = [_to_point(document) for document in documents[start : start + BATCH_SIZE]]
            self._client.upsert(self._name, points, wait=True)

    def delete(self, ids: Sequence[UUID]) -> None:
        """Remove; unknown ids are no error."""
        if ids:
            self._client.delete(self._name, m.PointIdsList(points=[str(id_) for id_ in ids]), wait=True)

    def count(self) -> int:
        """How many offers it holds."""
        return self._client.count(self._name, exact=True).count

    def optimize(self) -> None:
        """Nothing: the server optimises by itself."""

    def close(self) -> None:
        """Nothing: collections share the client."""


def _to_point(document: Document) -> m.PointStruct:
    terms = m.SparseVector(indices=list(document.terms.indices), values=list(document.terms.values))
    return m.PointStruct(
        id=str(document.id),
        vector={"dense": document.vector.tolist(), "terms": terms},
        payload={
            **to_filter_fields(document.card),
            "card": dump_card(document.card),
        },
    )


def _unpack_point(point: m.ScoredPoint) -> tuple[UUID, float, str, list[float] | None]:
    """Its id, score, card and dense vector, where it was asked for."""
    payload, vector = point.payload or {}, point.vector
    dense: Any = vector.get("dense") if isinstance(vector, dict) else None
    return UUID(str(point.id)), point.score, payload["card"], dense


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
