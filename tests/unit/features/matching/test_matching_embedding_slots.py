"""Embedding is bounded: as many at once as there are places, the rest by words alone, known people first."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import numpy as np

from oim.features.matching.embedding_slots import EmbeddingSlots
from oim.features.matching.index import Vector
from oim.features.matching.vector_cache import SHORT_QUERY, CachedEmbedder

TIMEOUT = 30.0  # seconds that a thread of a test may wait


class BlockingEmbedder:
    """An embedder that embeds nothing until it may, and counts how many embeddings run at once."""

    url, dimension, cosine_range = "blocking:2", 2, (0.0, 1.0)

    def __init__(self) -> None:
        self.may_end = threading.Event()
        self.lock = threading.Lock()
        self.running = self.most = self.total = 0

    def embed_queries(self, texts: Sequence[str]) -> Vector:
        with self.lock:
            self.running += 1
            self.total += 1
            self.most = max(self.most, self.running)
        assert self.may_end.wait(TIMEOUT)
        with self.lock:
            self.running -= 1
        return np.ones((len(texts), 2), np.float32)

    embed_passages = embed_queries


def test_of_twenty_at_once_as_many_are_embedded_as_there_are_places() -> None:
    embedder = BlockingEmbedder()
    embed = CachedEmbedder(embedder, EmbeddingSlots(2, strangers_wait=0, known_wait=0))
    refused = threading.Semaphore(0)

    def ask(number: int) -> Vector | None:
        vector = embed(f"text {number}")
        if vector is None:
            refused.release()
        return vector

    with ThreadPoolExecutor(20) as pool:
        answers = [pool.submit(ask, number) for number in range(20)]
        # Eighteen have their answer by words while two are still embedded: these delay nobody.
        assert all(refused.acquire(timeout=TIMEOUT) for _ in range(18))
        embedder.may_end.set()
        vectors = [answer.result(TIMEOUT) for answer in answers]
    assert sum(vector is not None for vector in vectors) == 2
    assert (embedder.most, embedder.total) == (2, 2)


def test_a_cheap_query_is_answered_by_its_vector_when_nobody_else_asks() -> None:
    embedder = BlockingEmbedder()
    embedder.may_end.set()
    slots = EmbeddingSlots(1, strangers_wait=0, known_wait=0)
    embed = CachedEmbedder(embedder, slots)
    assert all(embed(f"text {number}") is not None for number in range(5))
    # A vector that is known already needs no place.
    with slots.take(known=False) as has_place:
        assert has_place
        assert embed("text 0") is not None
        assert embed("another") is None
    assert embed("another") is not None


def test_somebody_known_goes_before_a_stranger() -> None:
    slots = EmbeddingSlots(1, strangers_wait=TIMEOUT, known_wait=TIMEOUT)
    order: list[str] = []

    def ask(name: str) -> None:
        with slots.take(known=name == "known") as has_place:
            assert has_place
            order.append(name)

    threads = [threading.Thread(target=ask, args=[name]) for name in ("stranger", "known")]
    with slots.take(known=False):
        for thread in threads:
            thread.start()
        deadline = monotonic() + TIMEOUT
        while not slots._known_waiting and monotonic() < deadline:
            pass
    for thread in threads:
        thread.join(TIMEOUT)
    assert order == ["known", "stranger"]


def test_the_place_of_an_embedding_that_failed_is_free_again() -> None:
    class FailingEmbedder(BlockingEmbedder):
        def embed_queries(self, texts: Sequence[str]) -> Vector:
            raise ConnectionError("the model is away")

    slots = EmbeddingSlots(1, strangers_wait=0, known_wait=0)
    embed = CachedEmbedder(FailingEmbedder(), slots)
    for number in range(3):
        try:
            embed(str(number))
        except ConnectionError:
            continue
        raise AssertionError
    with slots.take(known=False) as has_place:
        assert has_place


def test_long_texts_of_strangers_leave_a_place_to_short_ones() -> None:
    embedder = BlockingEmbedder()
    embedder.may_end.set()
    slots = EmbeddingSlots(2, strangers_wait=0, known_wait=0)
    embed = CachedEmbedder(embedder, slots)
    long = "x" * (SHORT_QUERY + 1)
    with slots.take(known=False):
        assert embed(long) is None
        assert embed("short") is not None
        assert embed(long, known=True) is not None
    assert embed(f"{long} again") is not None


def test_a_single_place_is_for_long_texts_too() -> None:
    with EmbeddingSlots(1, strangers_wait=0, known_wait=0).take(known=False, long=True) as has_place:
        assert has_place
