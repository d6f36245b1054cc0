"""Meanings of an engine: made once beside its answers, kept, and told from then on."""

from collections.abc import Sequence

import numpy as np
import pytest
from sqlalchemy import func, select

from oim.features import occupations
from oim.features.matching import semantic_occupations as module
from oim.features.matching.index import Vector
from oim.features.matching.models import VectorRow
from oim.features.matching.profile import Profile
from oim.features.matching.semantic_occupations import SemanticOccupations
from oim.features.matching.understanding import understand
from oim.features.occupations import TradeName
from oim.features.titles import Adapter
from oim.kit.clock import now
from oim.kit.db import Database

TOLD = 20  # names


class Counting:
    """Unit vectors by the first letter, and what was embedded."""

    dimension = 32
    cosine_range = (0.0, 1.0)

    def __init__(self, url: str = "made:letters") -> None:
        self.url = url
        self.embedded: list[str] = []

    def embed_queries(self, texts: Sequence[str]) -> Vector:
        self.embedded += texts
        return np.eye(32, dtype=np.float32)[[ord(text[0]) % 32 for text in texts]]

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        return self.embed_queries(texts)


class Flat(Adapter):
    """Leaves embeddings as they are."""

    def encode(self, texts: object, embeddings: Vector) -> Vector:
        return embeddings


@pytest.fixture(autouse=True)
def made(monkeypatch: pytest.MonkeyPatch) -> None:
    """An adapter over the made embedder, and few names."""
    none = np.zeros((1, 1), np.float32)
    told = [TradeName(f"{letter}…", one) for letter, one in zip("zyxwv", _trades(), strict=False)]
    monkeypatch.setattr(
        module, "load_shipped_adapter", lambda: Flat("made:letters", none, none, none, none, (1.0, 0.0))
    )
    monkeypatch.setattr(
        occupations, "load_trade_names", lambda: (*told, *(TradeName(f"a{n}", None) for n in range(TOLD - 5)))
    )


def _trades() -> list[occupations.Occupation]:
    return [found for code in ("7531", "7212", "7112", "5141", "8321") if (found := occupations.get(code))]


def prepared(database: Database, embedder: Counting) -> SemanticOccupations:
    meaning = SemanticOccupations(database, embedder)
    meaning.start(wait=0.0)
    meaning.wait_until_ready()
    return meaning


def test_names_are_embedded_once_and_kept_for_the_next_start(database: Database) -> None:
    first, second = Counting(), Counting()
    assert prepared(database, first).wait_until_ready()
    assert len(first.embedded) == TOLD
    again = prepared(database, second)
    assert again.wait_until_ready()
    assert second.embedded == []
    told = understand(Profile(text="zigzag"), now())
    found = again.add_to(told, second.embed_queries(["zigzag"])[0])
    assert [(link.occupation.isco, link.by_meaning) for link in found.occupations] == [("7531", True)]


def test_closed_before_the_end_it_keeps_what_was_made(database: Database) -> None:
    embedder = Counting()
    meaning = SemanticOccupations(database, embedder)
    meaning.close()
    meaning.start(wait=0.0)
    assert not meaning.wait_until_ready()
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(VectorRow)) == len(embedder.embedded)
    assert len(embedder.embedded) < TOLD


def test_another_embedder_than_the_adapters_tells_by_words(database: Database) -> None:
    embedder = Counting("made:others")
    assert not prepared(database, embedder).wait_until_ready()
    assert embedder.embedded == []


def test_without_a_database_it_tells_by_words() -> None:
    embedder = Counting()
    nowhere = Database("postgresql://nobody@127.0.0.1:1/none")
    assert not prepared(nowhere, embedder).wait_until_ready()
