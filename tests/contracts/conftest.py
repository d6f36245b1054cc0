"""Documents and queries for the contract suites."""

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


class Made:
    """Makers of small documents: direction `n` is the n-th axis."""

    dimension = DIMENSION

    def vector(self, *axes: int) -> Vector:
        made = np.zeros(DIMENSION, np.float32)
        made[list(axes)] = 1.0
        return np.asarray(made / np.linalg.norm(made), np.float32)

    def document(self, number: int, title: str, *axes: int, **card: Any) -> Document:
        held = {"kind": Kind.EMPLOYMENT, "published_at": NOW.timestamp() - 86400 * number, **card}
        return Document(
            id=UUID(int=number),
            vector=self.vector(*axes),
            terms=encode_document(stem_text(title, "fr"), []),
            card=Card(title=title, **held),
        )

    def filters(self, **conditions: Any) -> Filters:
        return Filters(at=NOW, **conditions)


@pytest.fixture
def made() -> Made:
    return Made()
