"""The matching engine in this process: recommendations read top to bottom, and the index kept in step.

Beside the five stages it holds only what is served now: one index and the embedder it was built with.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from time import perf_counter
from uuid import UUID

from oim.features.matching import profile_store, vector_cache
from oim.features.matching.documents import document, passage
from oim.features.matching.finding import find
from oim.features.matching.learning.serving import Learning
from oim.features.matching.pending import queue_again
from oim.features.matching.pipeline import answer
from oim.features.matching.ports import MOST_FOUND, Embedder, Index, Indexes
from oim.features.matching.remembered import Remembered
from oim.features.matching.semantic_occupations import OFFERS_FIRST, Meaning
from oim.features.matching.types import Answer, Health, Profile, Vector
from oim.features.matching.understanding import Understanding, understand
from oim.features.opportunities import CHANGED, get_many
from oim.kit.clock import now
from oim.kit.db import Database, count_waiting, mark_done, peek
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark
from oim.kit.telemetry import logger

LONGEST_TEXT = 4000
MOST_ITEMS = 50


@dataclass(frozen=True)
class Serving:
    """An index with the embedder it was built with."""

    name: str
    index: Index
    embedder: Embedder
    vector_of: Remembered
    meaning: Meaning


class LocalEngine:
    """The `Engine` port, in process. One lock orders changes of the index; reading takes none."""

    def __init__(
        self, database: Database, indexes: Indexes, embedder_of: Callable[[str], Embedder], wanted: str
    ) -> None:
        """`wanted` is the embedder's URL for a first index; an existing one keeps the embedder it has."""
        self._database = database
        self._indexes = indexes
        self._embedder_of = embedder_of
        self._changing = threading.Lock()
        self._serving = self._current() or self._anew(wanted)
        self._learning = Learning(database)
        self._by_meaning = False

    def _current(self) -> Serving | None:
        """The index in force. One that cannot be opened is no reason to answer nobody: it is derived data."""
        try:
            current = self._indexes.current()
            return self._open(*current) if current else None
        except Exception as error:
            logger(__name__).exception("the index cannot be opened: it is built anew", error=str(error))
            return None

    def _anew(self, wanted: str) -> Serving:
        """An empty index, and every offer queued for it."""
        name, index = self._indexes.create(wanted, self._embedder_of(wanted).dimension)
        index.close()
        queue_again(self._database)
        self._indexes.swap(name)
        return self._open(name, wanted)

    def _open(self, name: str, embedder_url: str) -> Serving:
        embedder = self._embedder_of(embedder_url)
        meaning = Meaning(self._database, embedder)
        return Serving(name, self._indexes.open(name), embedder, Remembered(embedder), meaning)

    def begin_meanings(self, wait: float = OFFERS_FIRST) -> Meaning:
        """Tell trades by meaning too, from when that is prepared: answers do not wait for it."""
        self._by_meaning = True
        self._serving.meaning.begin(wait)
        return self._serving.meaning

    def recommend(self, profile: Profile, limit: int, *, shown: bool = False) -> Answer:
        """A ranked, explained list. Raises BadInputError."""
        started = perf_counter()
        _bounded(limit, MOST_ITEMS)
        found = understand(replace(profile, text=_said(profile.text)), now())
        return self.answer(found, limit, started, shown=shown)

    def recommend_known(self, person: UUID, limit: int, *, shown: bool = False) -> Answer:
        """The list for a kept profile, by its kept vector. Raises BadInputError, NotFoundError."""
        started, serving = perf_counter(), self._serving
        _bounded(limit, MOST_ITEMS)
        profile, vector = profile_store.known(self._database, serving.embedder, person)
        found = understand(profile, now())
        return _timed(self._answer(serving, found, vector, limit, shown=shown), started)

    def find(self, text: str, limit: int) -> list[UUID]:
        """Offers by words alone, most fitting first. Raises BadInputError."""
        _bounded(limit, MOST_FOUND)
        known, serving = understand(Profile(text=_said(text)), now()), self._serving
        vector = serving.vector_of(known.text) if known.text else None
        told = serving.meaning.told(known, vector)
        return find(told, vector, serving.index, serving.embedder.cosine_range, limit)

    def answer(
        self, understanding: Understanding, limit: int, started: float, *, shown: bool = False
    ) -> Answer:
        """The stages after understanding, for a profile already understood."""
        serving = self._serving
        vector = serving.vector_of(understanding.text) if understanding.text else None
        found = self._answer(serving, understanding, vector, limit, shown=shown)
        return _timed(found, started)

    def _answer(
        self, serving: Serving, known: Understanding, vector: Vector | None, limit: int, *, shown: bool
    ) -> Answer:
        policy, known = self._learning.policy(shown=shown), serving.meaning.told(known, vector)
        return answer(known, vector, serving.index, serving.embedder.cosine_range, limit, policy)

    def index_pending(self, limit: int) -> int:
        """Bring up to `limit` waiting changes into the index; how many were. Safe to repeat."""
        with self._changing:
            with self._database.read() as session:
                rows = peek(session, CHANGED, limit)
                offers = list(get_many(session, [UUID(key) for key in set(rows.values())]).values())
            serving = self._serving
            found = vector_cache.of_passages(
                self._database, serving.embedder, [passage(offer.draft) for offer in offers]
            )
            serving.index.upsert([document(o, v) for o, v in zip(offers, found, strict=True)])
            gone = {UUID(key) for key in rows.values()} - {offer.id for offer in offers}
            serving.index.delete(sorted(gone))
            with self._database.write() as session:
                mark_done(session, rows)
        return len(rows)

    def swap(self, name: str, since: datetime) -> None:
        """Serve another index, built beside the current one from the offers as of `since`.

        What changed since is queued again before the switch, so that a kill at any moment loses nothing. The
        index before closes by itself when the last request that reads it ends. Raises NotFoundError.
        """
        with self._changing:
            serving = self._open(name, self._indexes.embedder_of(name))
            queue_again(self._database, since)
            self._indexes.swap(name)
            self._serving.meaning.close()
            self._serving = serving
            if self._by_meaning:
                serving.meaning.begin()

    def health(self) -> Health:
        """What is served now."""
        serving = self._serving
        with self._database.read() as session:
            behind = count_waiting(session, CHANGED)
        return Health(serving.name, serving.embedder.url, serving.index.count(), behind)

    def close(self) -> None:
        self._learning.close()
        self._serving.meaning.close()
        self._serving.index.close()


def _bounded(limit: int, most: int) -> None:
    if not 1 <= limit <= most:
        raise BadInputError(mark("Ask for between 1 and %(most)s offers."), field="limit", most=most)


def _said(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        raise BadInputError(
            mark("This text is too long: %(most)s characters at most."), field="text", most=LONGEST_TEXT
        )
    return text.encode("utf-8", "replace").decode()


def _timed(found: Answer, started: float) -> Answer:
    return replace(found, took_ms=round((perf_counter() - started) * 1000, 2))
