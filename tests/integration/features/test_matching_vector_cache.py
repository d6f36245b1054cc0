"""Trade-name vectors of an engine: computed once in the background, stored, and used from then on."""

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

NAME_COUNT = 20


class LetterEmbedder:
    """Gives unit vectors by the first letter, and records the texts embedded."""

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


class IdentityAdapter(Adapter):
    """Leaves embeddings as they are."""

    def encode(self, texts: object, embeddings: Vector) -> Vector:
        return embeddings


@pytest.fixture(autouse=True)
def small_adapter(monkeypatch: pytest.MonkeyPatch) -> None:
    """An adapter for the letter embedder, and few trade names."""
    none = np.zeros((1, 1), np.float32)
    named = [TradeName(f"{letter}…", trade) for letter, trade in zip("zyxwv", _trades(), strict=False)]
    monkeypatch.setattr(
        module,
        "load_shipped_adapter",
        lambda: IdentityAdapter("made:letters", none, none, none, none, (1.0, 0.0)),
    )
    monkeypatch.setattr(
        occupations,
        "load_trade_names",
        lambda: (*named, *(TradeName(f"a{n}", None) for n in range(NAME_COUNT - 5))),
    )


def _trades() -> list[occupations.Occupation]:
    return [trade for code in ("7531", "7212", "7112", "5141", "8321") if (trade := occupations.get(code))]


def prepare(database: Database, embedder: LetterEmbedder) -> SemanticOccupations:
    semantic = SemanticOccupations(database, embedder)
    semantic.start(wait=0.0)
    semantic.wait_until_ready()
    return semantic


def test_trade_names_are_embedded_once_and_stored_for_the_next_start(database: Database) -> None:
    first, second = LetterEmbedder(), LetterEmbedder()
    assert prepare(database, first).wait_until_ready()
    assert len(first.embedded) == NAME_COUNT
    again = prepare(database, second)
    assert again.wait_until_ready()
    assert second.embedded == []
    understanding = understand(Profile(text="zigzag"), now())
    linked = again.add_to(understanding, second.embed_queries(["zigzag"])[0])
    assert [(link.occupation.isco, link.by_meaning) for link in linked.occupations] == [("7531", True)]


def test_closing_early_keeps_the_vectors_embedded_so_far(database: Database) -> None:
    embedder = LetterEmbedder()
    semantic = SemanticOccupations(database, embedder)
    semantic.close()
    semantic.start(wait=0.0)
    assert not semantic.wait_until_ready()
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(VectorRow)) == len(embedder.embedded)
    assert len(embedder.embedded) < NAME_COUNT


def test_with_an_embedder_unknown_to_the_adapter_trades_come_from_words_alone(database: Database) -> None:
    embedder = LetterEmbedder("made:others")
    assert not prepare(database, embedder).wait_until_ready()
    assert embedder.embedded == []


def test_without_a_database_trades_come_from_words_alone() -> None:
    embedder = LetterEmbedder()
    unreachable = Database("postgresql://nobody@127.0.0.1:1/none")
    assert not prepare(unreachable, embedder).wait_until_ready()
