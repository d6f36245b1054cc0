"""Small documents and filters for the contract tests of indexes."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from oim.features.matching.bm25 import encode_document, stem_text
from oim.features.matching.index import Card, Document, Filters, Vector
from oim.features.opportunities import Kind

NOW = datetime(2026, 11, 23, tzinfo=UTC)
DIMENSION = 8


class IndexDataFactory:
    """Builds small documents whose vectors point along a few axes, given by their numbers."""

    dimension = DIMENSION

    def vector(self, *axes: int) -> Vector:
        vector = np.zeros(DIMENSION, np.float32)
        vector[list(axes)] = 1.0
        return np.asarray(vector / np.linalg.norm(vector), np.float32)

    def document(self, number: int, title: str, *axes: int, **card: Any) -> Document:
        fields = {"kind": Kind.EMPLOYMENT, "published_at": NOW.timestamp() - 86400 * number, **card}
        return Document(
            id=UUID(int=number),
            vector=self.vector(*axes),
            terms=encode_document(stem_text(title, "fr"), []),
            card=Card(title=title, **fields),
        )

    def filters(self, **conditions: Any) -> Filters:
        return Filters(at=NOW, **conditions)


@pytest.fixture
def factory() -> IndexDataFactory:
    return IndexDataFactory()
