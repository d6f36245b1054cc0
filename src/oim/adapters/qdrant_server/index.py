"""One collection of a Qdrant server as an index of offers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from qdrant_client import QdrantClient
from qdrant_client import models as m

from oim.adapters.qdrant_server.query import search_arguments
from oim.features.matching import index_payload
from oim.features.matching.hits import hits
from oim.features.matching.types import Document, Hit, IndexQuery

BATCH = 250  # documents a request
_SCHEMAS = (
    (index_payload.KEYWORDS, m.PayloadSchemaType.KEYWORD),
    (index_payload.INTEGERS, m.PayloadSchemaType.INTEGER),
    (index_payload.FLOATS, m.PayloadSchemaType.FLOAT),
)


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
        for names, schema in _SCHEMAS:
            for field in names:
                client.create_payload_index(name, field, schema)
        return cls(client, name)

    def search(self, query: IndexQuery) -> list[Hit]:
        """At most `query.limit` hits, best first."""
        answer = self._client.query_points(self._name, **search_arguments(query))
        return hits(query, map(_plain, answer.points))

    def upsert(self, documents: Sequence[Document]) -> None:
        """Add or replace, durably."""
        for start in range(0, len(documents), BATCH):
            points = [_point(document) for document in documents[start : start + BATCH]]
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


def _point(document: Document) -> m.PointStruct:
    terms = m.SparseVector(indices=list(document.terms.indices), values=list(document.terms.values))
    return m.PointStruct(
        id=str(document.id),
        vector={"dense": document.vector.tolist(), "terms": terms},
        payload={**index_payload.keys(document.card), "card": index_payload.dump(document.card)},
    )


def _plain(point: m.ScoredPoint) -> tuple[UUID, float, str, list[float] | None]:
    """Its id, score, card and dense vector, where it was asked for."""
    payload, vector = point.payload or {}, point.vector
    dense: Any = vector.get("dense") if isinstance(vector, dict) else None
    return UUID(str(point.id)), point.score, payload["card"], dense
