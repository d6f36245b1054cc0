"""One index of offers, as a collection of a Qdrant server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from qdrant_client import QdrantClient, models

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

BATCH_SIZE = 250  # documents of one request
_FIELD_SCHEMAS = (
    (KEYWORD_FIELDS, models.PayloadSchemaType.KEYWORD),
    (INTEGER_FIELDS, models.PayloadSchemaType.INTEGER),
    (FLOAT_FIELDS, models.PayloadSchemaType.FLOAT),
)
HNSW_EF = 200  # candidates of a walk through the HNSW graph


class ServerIndex:
    """The `Index` interface over one collection. Every update waits until the server has applied it."""

    def __init__(self, client: QdrantClient, name: str) -> None:
        """Use the collection of a name, which exists."""
        self._client = client
        self._name = name

    @classmethod
    def create(cls, client: QdrantClient, name: str, dimension: int) -> ServerIndex:
        """Create an empty collection for vectors of a dimension."""
        client.create_collection(
            name,
            vectors_config={"dense": models.VectorParams(size=dimension, distance=models.Distance.COSINE)},
            # The server multiplies the weights of terms by their inverse document frequency.
            sparse_vectors_config={"terms": models.SparseVectorParams(modifier=models.Modifier.IDF)},
        )
        for names, schema in _FIELD_SCHEMAS:
            for field in names:
                client.create_payload_index(name, field, schema)
        return cls(client, name)

    def search(self, query: IndexQuery) -> list[Hit]:
        """Find at most `query.limit` hits, best first."""
        answer = self._client.query_points(self._name, **to_query_arguments(query))
        return to_hits(query, map(_unpack_point, answer.points))

    def upsert(self, documents: Sequence[Document]) -> None:
        """Add or replace documents, durably."""
        for start in range(0, len(documents), BATCH_SIZE):
            points = [_to_point(document) for document in documents[start : start + BATCH_SIZE]]
            # `wait`: callers forget a change once this returns, so the server must have applied it.
            self._client.upsert(self._name, points, wait=True)

    def delete(self, ids: Sequence[UUID]) -> None:
        """Remove offers; unknown ids are no error."""
        if ids:
            self._client.delete(self._name, models.PointIdsList(points=[str(id_) for id_ in ids]), wait=True)

    def count(self) -> int:
        """Count the offers in the index."""
        return self._client.count(self._name, exact=True).count

    def optimize(self) -> None:
        """Do nothing: the server optimises by itself."""

    def close(self) -> None:
        """Do nothing: collections share the client."""


def _to_point(document: Document) -> models.PointStruct:
    """Convert a document to a point: two vectors, the fields of filters, and the card as JSON."""
    terms = models.SparseVector(indices=list(document.terms.indices), values=list(document.terms.values))
    return models.PointStruct(
        id=str(document.id),
        vector={"dense": document.vector.tolist(), "terms": terms},
        payload={
            **to_filter_fields(document.card),
            "card": dump_card(document.card),
        },
    )


def _unpack_point(point: models.ScoredPoint) -> tuple[UUID, float, str, list[float] | None]:
    """Take the id, score, card and dense vector (where it was requested) out of a point."""
    payload, vector = point.payload or {}, point.vector
    dense: Any = vector.get("dense") if isinstance(vector, dict) else None
    return UUID(str(point.id)), point.score, payload["card"], dense


def to_query_arguments(query: IndexQuery) -> dict[str, Any]:
    """Convert a query to arguments of `QdrantClient.query_points`.

    They ask for filtered rankings, fused by reciprocal rank: one for each group of offers by each kind of
    vector.
    """
    prefetches = [
        models.Prefetch(
            query=ranking,
            using=using,
            filter=models.Filter(must=[_to_field_condition(condition) for condition in group]),
            limit=query.depth,
            params=models.SearchParams(hnsw_ef=HNSW_EF),
        )
        for group in list_condition_groups(query)
        for using, ranking in _to_rankings(query)
    ]
    return {
        "prefetch": prefetches,
        "query": models.RrfQuery(rrf=models.Rrf(k=RRF_K)),
        "limit": count_points_to_request(query, len(prefetches)),
        "with_payload": ["card"],
        # The vector of each hit, from which its cosine with the query is computed; ranks alone do not say it.
        "with_vectors": ["dense"] if query.vector is not None else False,
    }


def _to_rankings(
    query: IndexQuery,
) -> list[tuple[str | None, list[float] | models.SparseVector | models.OrderByQuery]]:
    """List the rankings that a query needs, each with the vector it uses, or by date where it has neither."""
    rankings: list[tuple[str | None, list[float] | models.SparseVector | models.OrderByQuery]] = []
    if query.vector is not None:
        rankings.append(("dense", query.vector.tolist()))
    if query.terms is not None:
        terms = models.SparseVector(indices=list(query.terms.indices), values=list(query.terms.values))
        rankings.append(("terms", terms))
    newest = models.OrderBy(key="published_at", direction=models.Direction.DESC)
    return rankings or [(None, models.OrderByQuery(order_by=newest))]


def _to_field_condition(condition: Condition) -> models.FieldCondition:
    """Convert one condition of a filter: any of several values, or a bound."""
    value = condition.value
    if isinstance(value, tuple):
        return models.FieldCondition(key=condition.key, match=models.MatchAny(any=list(value)))
    bounds = models.Range(gte=value) if condition.relation == "at_least" else models.Range(lte=value)
    return models.FieldCondition(key=condition.key, range=bounds)
