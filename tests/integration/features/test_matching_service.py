"""The engine kept in step with the database: repeatable, nothing lost or doubled, swapped while it serves."""

import threading
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from sqlalchemy import delete, func, select

from oim.adapters.qdrant_edge import EdgeIndex, EdgeIndexes
from oim.features.ingestion import ingest_offers
from oim.features.matching import vector_cache
from oim.features.matching.index import Document, Hit, IndexQuery, Vector
from oim.features.matching.index_build import reindex
from oim.features.matching.models import VectorRow
from oim.features.matching.profile import Profile
from oim.features.matching.service import LocalEngine
from oim.features.opportunities import OFFER_CHANGED, Draft, Eligibility, EmploymentDetails, Kind
from oim.features.opportunities.models import OpportunityRow
from oim.features.opportunities.rows import make_offer_id
from oim.kit.db import Database, emit

SMALL, LARGE = "hash:16", "hash:32"
PATIENCE = 30  # seconds that a thread of a test may wait


@dataclass
class Hashing:
    """An embedder without a model: words hashed to directions. It remembers what it embedded."""

    url: str
    cosine_range: tuple[float, float] = (0.1, 0.9)
    embedded: list[str] = field(default_factory=list)
    fails_at: int | None = None  # the call that fails, once
    calls: int = 0

    @property
    def dimension(self) -> int:
        return int(self.url.partition(":")[2])

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        self.calls += 1
        if self.calls == self.fails_at:
            raise ConnectionError("the model is away")
        self.embedded.extend(texts)
        return self.embed_queries(texts)

    def embed_queries(self, texts: Sequence[str]) -> Vector:
        made = np.full((len(texts), self.dimension), 0.01, np.float32)
        for row, text in zip(made, texts, strict=True):
            for word in text.lower().split():
                row[zlib.crc32(word.strip(".,").encode()) % self.dimension] += 1
        return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), np.float32)


@dataclass
class House:
    """A database, an engine over it, and the embedders by their names."""

    database: Database
    indexes: EdgeIndexes
    embedders: dict[str, Hashing]
    engine: LocalEngine

    def take(self, *drafts: Draft) -> None:
        ingest_offers(self.database, list(drafts), source="test", origin="offers.csv", format_name="csv")

    def index_all(self, limit: int = 100) -> int:
        return sum(iter(lambda: self.engine.index_pending(limit), 0))

    def rebuild(self, url: str, progress: Callable[[int], None] = lambda _: None) -> int:
        return reindex(self.database, self.indexes, self.embedders[url], self.engine, progress)

    def titles(self, text: str = "") -> set[str]:
        return {item.card.title for item in self.engine.recommend(Profile(text=text), 50).items}


@pytest.fixture
def house(database: Database, tmp_path: Path) -> Iterator[House]:
    made = {url: Hashing(url) for url in (SMALL, LARGE)}
    indexes = EdgeIndexes(tmp_path / "index")
    held = House(database, indexes, made, LocalEngine(database, indexes, made.__getitem__, SMALL))
    yield held
    held.engine.close()


def drafts(count: int, **changes: str) -> list[Draft]:
    made = [
        Draft(
            kind=Kind.EMPLOYMENT,
            external_id=str(number),
            title=f"Soudeur numéro {number}",
            description="Atelier métallique.",
            language="fr",
            details=EmploymentDetails(experience_years=0),
            eligibility=Eligibility(),
        )
        for number in range(count)
    ]
    return [replace(draft, **changes) for draft in made]


def offers(count: int) -> set[str]:
    return {draft.title for draft in drafts(count)}


def test_a_first_engine_makes_its_index_and_finds_nothing_yet(house: House) -> None:
    health = house.engine.health()
    assert (health.embedder, health.offers, health.waiting) == (SMALL, 0, 0)
    assert house.engine.recommend(Profile(text="soudeur"), 5).items == ()
    assert house.engine.index_pending(10) == 0


def test_waiting_offers_are_indexed_once_whatever_the_step(house: House) -> None:
    house.take(*drafts(10))
    assert house.engine.health().waiting == 10
    assert [house.engine.index_pending(4) for _ in range(4)] == [4, 4, 2, 0]
    health = house.engine.health()
    assert (health.offers, health.waiting) == (10, 0)
    assert house.titles("soudeur") == offers(10)


def test_a_changed_offer_replaces_itself_and_an_unchanged_one_rests(house: House) -> None:
    house.take(*drafts(3))
    house.index_all()
    house.take(*drafts(2), replace(drafts(3)[2], title="Soudeuse confirmée"))
    assert house.engine.health().waiting == 1
    house.index_all()
    assert house.engine.health().offers == 3
    assert house.titles("soudeur") == {"Soudeur numéro 0", "Soudeur numéro 1", "Soudeuse confirmée"}


def test_an_offer_that_is_gone_leaves_the_index_and_a_strange_key_harms_nothing(house: House) -> None:
    house.take(*drafts(3))
    house.index_all()
    gone = make_offer_id("test", "1")
    with house.database.write() as session:
        session.execute(delete(OpportunityRow).where(OpportunityRow.id == gone))
        emit(session, OFFER_CHANGED, [str(gone), str(uuid4())])
    assert house.engine.index_pending(10) == 2
    assert house.titles("soudeur") == {"Soudeur numéro 0", "Soudeur numéro 2"}


def test_an_embedder_that_fails_in_the_middle_loses_and_doubles_nothing(house: House) -> None:
    house.take(*drafts(20))
    model = house.embedders[SMALL]
    model.fails_at = 2
    with pytest.raises(ConnectionError):
        house.engine.index_pending(100)
    assert house.engine.health().waiting == 20
    assert house.engine.recommend(Profile(text="soudeur"), 5).missing
    assert house.engine.index_pending(100) == 20
    assert house.engine.health().offers == 20
    assert house.titles("soudeur") == offers(20)
    assert len(model.embedded) == len(set(model.embedded)) == 20


def test_an_index_that_fails_in_the_middle_is_filled_by_the_next_try(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.take(*drafts(5))

    def broken(self: object, documents: Sequence[Document]) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("oim.adapters.qdrant_edge.EdgeIndex.upsert", broken)
        with pytest.raises(OSError, match="no space"):
            house.engine.index_pending(10)
    assert house.engine.health().waiting == 5
    assert house.index_all() == 5
    assert len(house.embedders[SMALL].embedded) == 5


def test_one_text_has_one_vector_whatever_bears_it(house: House) -> None:
    house.take(*drafts(6, title="Soudeur", description="Atelier. " * 60))
    house.index_all()
    assert len(house.embedders[SMALL].embedded) == 1
    house.take(*drafts(6, title="Soudeur", description="Atelier. " * 60 + "Logement offert."))
    assert house.index_all() == 6
    assert len(house.embedders[SMALL].embedded) == 1
    with house.database.read() as session:
        assert session.scalar(select(func.count()).select_from(VectorRow)) == 1


def test_kept_vectors_are_the_embedders_to_half_precision(house: House) -> None:
    texts = ["soudeur à douala", "couturière", "soudeur à douala"]
    for _ in range(2):
        found = vector_cache.get_or_embed_offers(house.database, house.embedders[SMALL], texts)
        assert found.dtype == np.float32
        assert found == pytest.approx(house.embedders[SMALL].embed_queries(texts), abs=1e-3)
    assert house.embedders[SMALL].embedded == ["soudeur à douala", "couturière"]
    assert vector_cache.get_or_embed_offers(house.database, house.embedders[SMALL], []).shape == (0, 16)


def test_a_new_engine_finds_the_index_as_it_was_left(house: House) -> None:
    house.take(*drafts(4))
    house.index_all()
    name = house.engine.health().index
    house.engine.close()
    house.engine = LocalEngine(house.database, house.indexes, house.embedders.__getitem__, LARGE)
    health = house.engine.health()
    assert (health.index, health.embedder, health.offers) == (name, SMALL, 4)
    assert house.titles("soudeur") == offers(4)


def test_another_embedder_gets_an_index_of_its_own_with_every_offer(house: House) -> None:
    house.take(*drafts(450))
    house.index_all()
    before = house.engine.health().index
    heard: list[int] = []
    assert house.rebuild(LARGE, heard.append) == 450
    assert heard == sorted(heard)
    assert heard[-1] == 450
    health = house.engine.health()
    assert (health.embedder, health.offers) == (LARGE, 450)
    assert health.index != before
    assert house.indexes.current() == (health.index, LARGE)
    assert house.engine.recommend(Profile(text="soudeur"), 5).items


def test_going_back_to_an_embedder_embeds_nothing_again(house: House) -> None:
    house.take(*drafts(12))
    house.index_all()
    house.rebuild(LARGE)
    house.rebuild(SMALL)
    house.rebuild(SMALL)
    assert house.titles("soudeur") == offers(12)
    assert {url: len(made.embedded) for url, made in house.embedders.items()} == {SMALL: 12, LARGE: 12}


def test_what_changes_during_a_rebuild_is_in_the_new_index(house: House) -> None:
    house.take(*drafts(3))
    house.index_all()

    def meanwhile(_: int) -> None:
        house.take(replace(drafts(1)[0], title="Soudeuse changée"), replace(drafts(1)[0], external_id="new"))
        assert house.index_all() > 0
        assert "Soudeuse changée" in house.titles("soudeur")

    house.rebuild(LARGE, meanwhile)
    assert house.engine.health().embedder == LARGE
    house.index_all()
    assert house.titles("soudeur") == {"Soudeuse changée", *offers(3)}
    assert house.engine.health().offers == 4
    assert house.engine.health().waiting == 0


def test_a_rebuild_that_fails_leaves_the_old_index_serving_and_can_be_tried_again(house: House) -> None:
    house.take(*drafts(20))
    house.index_all()
    before = house.engine.health()
    house.embedders[LARGE].fails_at = 2
    with pytest.raises(ConnectionError):
        house.rebuild(LARGE)
    assert house.engine.health() == before
    assert house.titles("soudeur") == offers(20)
    assert house.rebuild(LARGE) == 20
    assert house.titles("soudeur") == offers(20)
    assert len(house.embedders[LARGE].embedded) == 20


class SlowAtFirst(EdgeIndexes):
    """Indexes whose first question waits until the test lets it be answered."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.first = threading.Lock()
        self.asked, self.may_answer = threading.Event(), threading.Event()

    def open(self, name: str) -> EdgeIndex:
        index = super().open(name)
        search = index.search

        def slow(query: IndexQuery) -> list[Hit]:
            if self.first.acquire(blocking=False):
                self.asked.set()
                assert self.may_answer.wait(PATIENCE)
            return search(query)

        index.search = slow
        return index


def test_a_swap_serves_the_new_index_while_an_old_question_still_runs(
    database: Database, tmp_path: Path
) -> None:
    made = {url: Hashing(url) for url in (SMALL, LARGE)}
    indexes = SlowAtFirst(tmp_path / "index")
    house = House(database, indexes, made, LocalEngine(database, indexes, made.__getitem__, SMALL))
    house.take(*drafts(2))
    house.index_all()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(house.titles, "soudeur")
        assert indexes.asked.wait(PATIENCE)
        house.rebuild(LARGE)
        assert house.titles("soudeur") == offers(2)
        assert not running.done()
        indexes.may_answer.set()
        assert running.result(PATIENCE) == offers(2)
    assert house.engine.health().embedder == LARGE
    house.engine.close()


def test_many_ask_while_offers_come_in_and_the_index_is_swapped(house: House) -> None:
    house.take(*drafts(30))
    house.index_all()
    stop = threading.Event()

    def ask() -> int:
        asked = 0
        while not stop.is_set():
            assert house.titles("soudeur")
            asked += 1
        return asked

    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(ask) for _ in range(2)]
        house.take(*drafts(30, description="Atelier neuf."))
        house.index_all(7)
        house.rebuild(LARGE)
        stop.set()
        assert all(one.result(PATIENCE) > 0 for one in running)
    house.index_all()
    assert house.engine.health().offers == 30
