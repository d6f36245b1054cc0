"""The search index follows the decisions of staff: held and withdrawn offers are in no index."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from trust_factory import FRAUD, HONEST, id_of, ingest_drafts

from oim.adapters.qdrant_edge import EdgeIndexes
from oim.features import trust
from oim.features.access import SYSTEM
from oim.features.matching.index import Vector
from oim.features.matching.index_build import reindex
from oim.features.matching.service import LocalEngine
from oim.kit.db import Database

URL = "flat:4"


class UniformEmbedder:
    """An embedder with the same vector for every text."""

    url = URL
    dimension = 4
    cosine_range = (0.1, 0.9)

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        return np.full((len(texts), self.dimension), 0.5, np.float32)

    embed_queries = embed_passages


@pytest.fixture
def indexes(tmp_path: Path) -> EdgeIndexes:
    return EdgeIndexes(tmp_path / "index")


@pytest.fixture
def engine(database: Database, indexes: EdgeIndexes) -> Iterator[LocalEngine]:
    ingest_drafts(database, HONEST, FRAUD)
    engine = LocalEngine(database, indexes, lambda _: UniformEmbedder(), URL)
    yield engine
    engine.close()


def count_indexed(engine: LocalEngine) -> int:
    while engine.index_pending(50):
        pass
    return engine.health().offers


def decide(database: Database, *, honest: bool, fraud: bool) -> None:
    with database.write() as session:
        for draft, is_shown in ((HONEST, honest), (FRAUD, fraud)):
            (trust.release if is_shown else trust.withdraw)(session, SYSTEM, id_of(draft))


def test_the_index_contains_the_offers_that_are_shown(database: Database, engine: LocalEngine) -> None:
    assert count_indexed(engine) == 1
    decide(database, honest=True, fraud=True)
    assert count_indexed(engine) == 2
    decide(database, honest=False, fraud=False)
    assert count_indexed(engine) == 0


def test_an_offer_withdrawn_while_an_index_is_built_is_not_in_it(
    database: Database, engine: LocalEngine, indexes: EdgeIndexes
) -> None:
    assert count_indexed(engine) == 1

    def withdraw_meanwhile(_: int) -> None:
        decide(database, honest=False, fraud=False)
        assert count_indexed(engine) == 0

    assert reindex(database, indexes, UniformEmbedder(), engine, withdraw_meanwhile) == 1
    assert count_indexed(engine) == 0
