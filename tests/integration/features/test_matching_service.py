"""The engine's index follows the database: repeatable, nothing lost or duplicated, swapped while serving."""

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
from oim.features.events import OFFER_CHANGED
from oim.features.ingestion import ingest_offers
from oim.features.matching import vector_cache
from oim.features.matching.index import Document, Hit, IndexQuery, Vector
from oim.features.matching.index_build import reindex, requeue_offers
from oim.features.matching.models import VectorRow
from oim.features.matching.profile import Profile
from oim.features.matching.service import LocalEngine
from oim.features.opportunities import Draft, Eligibility, EmploymentDetails, Kind, withdraw_offer
from oim.features.opportunities.models import OpportunityRow
from oim.features.opportunities.rows import make_offer_id
from oim.kit.clock import now
from oim.kit.db import Database, emit

SMALL, LARGE = "hash:16", "hash:32"
TIMEOUT = 30  # seconds that a thread of a test may wait


@dataclass
class HashingEmbedder:
    """An embedder without a model: hashes words to directions, and records the texts it embedded."""

    url: str
    cosine_range: tuple[float, float] = (0.1, 0.9)
    embedded: list[str] = field(default_factory=list)
    fails_at: int | None = None  # number of the call that fails, once
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
        vectors = np.full((len(texts), self.dimension), 0.01, np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in text.lower().split():
                row[zlib.crc32(word.strip(".,").encode()) % self.dimension] += 1
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


@dataclass
class EngineHarness:
    """A database, an engine over it, and the embedders by URL."""

    database: Database
    indexes: EdgeIndexes
    embedders: dict[str, HashingEmbedder]
    engine: LocalEngine

    def ingest(self, *drafts: Draft) -> None:
        ingest_offers(self.database, list(drafts), source="test", origin="offers.csv", format_name="csv")

    def index_all(self, limit: int = 100) -> int:
        return sum(iter(lambda: self.engine.index_pending(limit), 0))

    def rebuild(self, url: str, progress: Callable[[int], None] = lambda _: None) -> int:
        return reindex(self.database, self.indexes, self.embedders[url], self.engine, progress)

    def titles(self, text: str = "") -> set[str]:
        return {item.card.title for item in self.engine.recommend(Profile(text=text), 50).items}


@pytest.fixture
def harness(database: Database, tmp_path: Path) -> Iterator[EngineHarness]:
    embedders = {url: HashingEmbedder(url) for url in (SMALL, LARGE)}
    indexes = EdgeIndexes(tmp_path / "index")
    harness = EngineHarness(
        database, indexes, embedders, LocalEngine(database, indexes, embedders.__getitem__, SMALL)
    )
    yield harness
    harness.engine.close()


def drafts(count: int, **changes: str) -> list[Draft]:
    base = [
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
    return [replace(draft, **changes) for draft in base]


def titles_of(count: int) -> set[str]:
    return {draft.title for draft in drafts(count)}


def test_a_first_engine_creates_an_empty_index(harness: EngineHarness) -> None:
    health = harness.engine.health()
    assert (health.embedder, health.offers, health.waiting) == (SMALL, 0, 0)
    assert harness.engine.recommend(Profile(text="soudeur"), 5).items == ()
    assert harness.engine.index_pending(10) == 0


def test_pending_offers_are_indexed_once_whatever_the_batch_size(harness: EngineHarness) -> None:
    harness.ingest(*drafts(10))
    assert harness.engine.health().waiting == 10
    assert [harness.engine.index_pending(4) for _ in range(4)] == [4, 4, 2, 0]
    health = harness.engine.health()
    assert (health.offers, health.waiting) == (10, 0)
    assert harness.titles("soudeur") == titles_of(10)


def test_only_a_changed_offer_is_indexed_again_and_replaces_the_old_one(harness: EngineHarness) -> None:
    harness.ingest(*drafts(3))
    harness.index_all()
    harness.ingest(*drafts(2), replace(drafts(3)[2], title="Soudeuse confirmée"))
    assert harness.engine.health().waiting == 1
    harness.index_all()
    assert harness.engine.health().offers == 3
    assert harness.titles("soudeur") == {"Soudeur numéro 0", "Soudeur numéro 1", "Soudeuse confirmée"}


def test_a_deleted_offer_leaves_the_index_and_an_unknown_key_does_no_harm(harness: EngineHarness) -> None:
    harness.ingest(*drafts(3))
    harness.index_all()
    gone = make_offer_id("test", "1")
    with harness.database.write() as session:
        session.execute(delete(OpportunityRow).where(OpportunityRow.id == gone))
        emit(session, OFFER_CHANGED, [str(gone), str(uuid4())])
    assert harness.engine.index_pending(10) == 2
    assert harness.titles("soudeur") == {"Soudeur numéro 0", "Soudeur numéro 2"}


def test_a_withdrawal_does_not_wait_for_a_rebuilding(harness: EngineHarness) -> None:
    harness.ingest(*drafts(20))
    harness.index_all()
    requeue_offers(harness.database)
    gone = make_offer_id("test", "19")
    with harness.database.write() as session:
        withdraw_offer(session, gone)
    assert harness.engine.index_pending(2) == 2
    assert "Soudeur numéro 19" not in harness.titles("soudeur")


def test_what_changed_since_an_instant_is_queued_batch_by_batch(
    harness: EngineHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A statement that looked for the few that changed could read a whole large table, and be ended."""
    monkeypatch.setattr("oim.features.matching.index_build.BATCH_SIZE", 3)
    harness.ingest(*drafts(10))
    harness.index_all()
    start = now()
    for number in ("2", "7"):
        with harness.database.write() as session:
            withdraw_offer(session, make_offer_id("test", number))
    harness.index_all()
    requeue_offers(harness.database, start)
    assert harness.engine.health().waiting == 2
    requeue_offers(harness.database)
    assert harness.engine.health().waiting == 12


def test_an_embedder_that_fails_midway_loses_and_duplicates_nothing(harness: EngineHarness) -> None:
    harness.ingest(*drafts(20))
    model = harness.embedders[SMALL]
    model.fails_at = 2
    with pytest.raises(ConnectionError):
        harness.engine.index_pending(100)
    assert harness.engine.health().waiting == 20
    assert harness.engine.recommend(Profile(text="soudeur"), 5).missing
    assert harness.engine.index_pending(100) == 20
    assert harness.engine.health().offers == 20
    assert harness.titles("soudeur") == titles_of(20)
    assert len(model.embedded) == len(set(model.embedded)) == 20


def test_an_index_that_fails_midway_is_filled_by_the_next_try(
    harness: EngineHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness.ingest(*drafts(5))

    def broken(self: object, documents: Sequence[Document]) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("oim.adapters.qdrant_edge.EdgeIndex.upsert", broken)
        with pytest.raises(OSError, match="no space"):
            harness.engine.index_pending(10)
    assert harness.engine.health().waiting == 5
    assert harness.index_all() == 5
    assert len(harness.embedders[SMALL].embedded) == 5


def test_offers_with_the_same_text_share_one_vector(harness: EngineHarness) -> None:
    harness.ingest(*drafts(6, title="Soudeur", description="Atelier. " * 60))
    harness.index_all()
    assert len(harness.embedders[SMALL].embedded) == 1
    harness.ingest(*drafts(6, title="Soudeur", description="Atelier. " * 60 + "Logement offert."))
    assert harness.index_all() == 6
    assert len(harness.embedders[SMALL].embedded) == 1
    with harness.database.read() as session:
        assert session.scalar(select(func.count()).select_from(VectorRow)) == 1


def test_stored_vectors_equal_the_embedders_to_half_precision(harness: EngineHarness) -> None:
    texts = ["soudeur à douala", "couturière", "soudeur à douala"]
    for _ in range(2):
        vectors = vector_cache.get_or_embed_offers(harness.database, harness.embedders[SMALL], texts)
        assert vectors.dtype == np.float32
        assert vectors == pytest.approx(harness.embedders[SMALL].embed_queries(texts), abs=1e-3)
    assert harness.embedders[SMALL].embedded == ["soudeur à douala", "couturière"]
    assert vector_cache.get_or_embed_offers(harness.database, harness.embedders[SMALL], []).shape == (0, 16)


def test_a_new_engine_opens_the_existing_index(harness: EngineHarness) -> None:
    harness.ingest(*drafts(4))
    harness.index_all()
    name = harness.engine.health().index
    harness.engine.close()
    harness.engine = LocalEngine(harness.database, harness.indexes, harness.embedders.__getitem__, LARGE)
    health = harness.engine.health()
    assert (health.index, health.embedder, health.offers) == (name, SMALL, 4)
    assert harness.titles("soudeur") == titles_of(4)


def test_a_rebuild_with_another_embedder_makes_a_new_index_of_every_offer(
    harness: EngineHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oim.features.matching.index_build.BATCH_SIZE", 20)
    harness.ingest(*drafts(45))
    harness.index_all()
    before = harness.engine.health().index
    progress: list[int] = []
    assert harness.rebuild(LARGE, progress.append) == 45
    assert progress == sorted(progress)
    assert progress[-1] == 45
    health = harness.engine.health()
    assert (health.embedder, health.offers) == (LARGE, 45)
    assert health.index != before
    assert harness.indexes.current() == (health.index, LARGE)
    assert harness.engine.recommend(Profile(text="soudeur"), 5).items


def test_going_back_to_an_embedder_embeds_nothing_again(harness: EngineHarness) -> None:
    harness.ingest(*drafts(12))
    harness.index_all()
    harness.rebuild(LARGE)
    harness.rebuild(SMALL)
    harness.rebuild(SMALL)
    assert harness.titles("soudeur") == titles_of(12)
    assert {url: len(embedder.embedded) for url, embedder in harness.embedders.items()} == {
        SMALL: 12,
        LARGE: 12,
    }


def test_changes_during_a_rebuild_are_in_the_new_index(harness: EngineHarness) -> None:
    harness.ingest(*drafts(3))
    harness.index_all()

    def change_offers(_: int) -> None:
        harness.ingest(
            replace(drafts(1)[0], title="Soudeuse changée"), replace(drafts(1)[0], external_id="new")
        )
        assert harness.index_all() > 0
        assert "Soudeuse changée" in harness.titles("soudeur")

    harness.rebuild(LARGE, change_offers)
    assert harness.engine.health().embedder == LARGE
    harness.index_all()
    assert harness.titles("soudeur") == {"Soudeuse changée", *titles_of(3)}
    assert harness.engine.health().offers == 4
    assert harness.engine.health().waiting == 0


def test_after_a_failed_rebuild_the_old_index_serves_and_the_rebuild_can_be_repeated(
    harness: EngineHarness,
) -> None:
    harness.ingest(*drafts(20))
    harness.index_all()
    before = harness.engine.health()
    harness.embedders[LARGE].fails_at = 2
    with pytest.raises(ConnectionError):
        harness.rebuild(LARGE)
    assert harness.engine.health() == before
    assert harness.titles("soudeur") == titles_of(20)
    assert harness.rebuild(LARGE) == 20
    assert harness.titles("soudeur") == titles_of(20)
    assert len(harness.embedders[LARGE].embedded) == 20


class BlockingIndexes(EdgeIndexes):
    """Indexes whose first search waits until the test releases it."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.first_search = threading.Lock()
        self.started, self.released = threading.Event(), threading.Event()

    def open(self, name: str) -> EdgeIndex:
        index = super().open(name)
        search = index.search

        def blocking_search(query: IndexQuery) -> list[Hit]:
            if self.first_search.acquire(blocking=False):
                self.started.set()
                assert self.released.wait(TIMEOUT)
            return search(query)

        index.search = blocking_search
        return index


def test_a_swap_serves_the_new_index_while_a_search_of_the_old_one_still_runs(
    database: Database, tmp_path: Path
) -> None:
    embedders = {url: HashingEmbedder(url) for url in (SMALL, LARGE)}
    indexes = BlockingIndexes(tmp_path / "index")
    harness = EngineHarness(
        database, indexes, embedders, LocalEngine(database, indexes, embedders.__getitem__, SMALL)
    )
    harness.ingest(*drafts(2))
    harness.index_all()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(harness.titles, "soudeur")
        assert indexes.started.wait(TIMEOUT)
        harness.rebuild(LARGE)
        assert harness.titles("soudeur") == titles_of(2)
        assert not running.done()
        indexes.released.set()
        assert running.result(TIMEOUT) == titles_of(2)
    assert harness.engine.health().embedder == LARGE
    harness.engine.close()


def test_requests_are_answered_while_offers_are_indexed_and_the_index_is_swapped(
    harness: EngineHarness,
) -> None:
    harness.ingest(*drafts(30))
    harness.index_all()
    stop = threading.Event()

    def search_repeatedly() -> int:
        count = 0
        while not stop.wait(0.01):  # or the two would take all of a processor from what they accompany
            assert harness.titles("soudeur")
            count += 1
        return count

    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(search_repeatedly) for _ in range(2)]
        harness.ingest(*drafts(30, description="Atelier neuf."))
        harness.index_all(7)
        harness.rebuild(LARGE)
        stop.set()
        assert all(future.result(TIMEOUT) > 0 for future in running)
    harness.index_all()
    assert harness.engine.health().offers == 30
