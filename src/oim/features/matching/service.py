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
from oim.features.matching.answer import Answer
from oim.features.matching.documents import build_document, build_passage
from oim.features.matching.index import Vector
from oim.features.matching.index_build import requeue_offers
from oim.features.matching.learning.serving import PolicyProvider
from oim.features.matching.pipeline import recommend_offers, search_by_words
from oim.features.matching.ports import MAX_SEARCH_HITS, Embedder, Health, Index, Indexes
from oim.features.matching.profile import Profile
from oim.features.matching.semantic_occupations import START_DELAY, SemanticOccupations
from oim.features.matching.understanding import Understanding, understand
from oim.features.matching.vector_cache import CachedEmbedder
from oim.features.opportunities import OFFER_CHANGED, get_many
from oim.kit.clock import now
from oim.kit.db import Database, count_waiting, mark_done, peek
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark
from oim.kit.telemetry import logger

MAX_TEXT_LENGTH = 4000
MAX_ITEMS = 50


@dataclass(frozen=True)
class ServedIndex:
    """An index with the embedder it was built with."""

    name: str
    index: Index
    embedder: Embedder
    embed_query: CachedEmbedder
    semantic_occupations: SemanticOccupations


class LocalEngine:
    """The `Engine` port, in process. One lock orders changes of the index; reading takes none."""

    def __init__(
        self, database: Database, indexes: Indexes, get_embedder: Callable[[str], Embedder], embedder_url: str
    ) -> None:
        """`wanted` is the embedder's URL for a first index; an existing one keeps the embedder it has."""
        self._database = database
        self._indexes = indexes
        self._get_embedder = get_embedder
        self._change_lock = threading.Lock()
        self._served_index = self._open_current() or self._create_empty(embedder_url)
        self._policy_provider = PolicyProvider(database)
        self._uses_semantic_occupations = False

    def _open_current(self) -> ServedIndex | None:
        """The index in force. One that cannot be opened is no reason to answer nobody: it is derived data."""
        try:
            current = self._indexes.current()
            return self._open(*current) if current else None
        except Exception as error:
            logger(__name__).exception("the index cannot be opened: it is built anew", error=str(error))
            return None

    def _create_empty(self, embedder_url: str) -> ServedIndex:
        """An empty index, and every offer queued for it."""
        name, index = self._indexes.create(embedder_url, self._get_embedder(embedder_url).dimension)
        index.close()
        requeue_offers(self._database)
        self._indexes.swap(name)
        return self._open(name, embedder_url)

    def _open(self, name: str, embedder_url: str) -> ServedIndex:
        embedder = self._get_embedder(embedder_url)
        meaning = SemanticOccupations(self._database, embedder)
        return ServedIndex(name, self._indexes.open(name), embedder, CachedEmbedder(embedder), meaning)

    def start_semantic_occupations(self, wait: float = START_DELAY) -> SemanticOccupations:
        """Tell trades by meaning too, from when that is prepared: answers do not wait for it."""
        self._uses_semantic_occupations = True
        self._served_index.semantic_occupations.start(wait)
        return self._served_index.semantic_occupations

    def recommend(self, profile: Profile, limit: int, *, shown: bool = False) -> Answer:
        """A ranked, explained list. Raises BadInputError."""
        started = perf_counter()
        _validate_limit(limit, MAX_ITEMS)
        found = understand(replace(profile, text=_validate_text(profile.text)), now())
        return self.recommend_understood(found, limit, started, shown=shown)

    def recommend_for_person(self, person: UUID, limit: int, *, shown: bool = False) -> Answer:
        """The list for a kept profile, by its kept vector. Raises BadInputError, NotFoundError."""
        started, serving = perf_counter(), self._served_index
        _validate_limit(limit, MAX_ITEMS)
        profile, vector = profile_store.load_profile_and_vector(self._database, serving.embedder, person)
        found = understand(profile, now())
        return _with_elapsed_time(self._recommend(serving, found, vector, limit, shown=shown), started)

    def find_by_words(self, text: str, limit: int) -> list[UUID]:
        """Offers by words alone, most fitting first. Raises BadInputError."""
        _validate_limit(limit, MAX_SEARCH_HITS)
        known, serving = understand(Profile(text=_validate_text(text)), now()), self._served_index
        vector = serving.embed_query(known.query_text) if known.query_text else None
        told = serving.semantic_occupations.add_to(known, vector)
        return search_by_words(told, vector, serving.index, serving.embedder.cosine_range, limit)

    def recommend_understood(
        self, understanding: Understanding, limit: int, started: float, *, shown: bool = False
    ) -> Answer:
        """The stages after understanding, for a profile already understood."""
        serving = self._served_index
        vector = serving.embed_query(understanding.query_text) if understanding.query_text else None
        found = self._recommend(serving, understanding, vector, limit, shown=shown)
        return _with_elapsed_time(found, started)

    def _recommend(
        self,
        served_index: ServedIndex,
        understanding: Understanding,
        vector: Vector | None,
        limit: int,
        *,
        shown: bool,
    ) -> Answer:
        policy, understanding = (
            self._policy_provider.get_policy(shown=shown),
            served_index.semantic_occupations.add_to(understanding, vector),
        )
        return recommend_offers(
            understanding, vector, served_index.index, served_index.embedder.cosine_range, limit, policy
        )

    def index_pending(self, limit: int) -> int:
        """Bring up to `limit` waiting changes into the index; how many were. Safe to repeat."""
        with self._change_lock:
            with self._database.read() as session:
                rows = peek(session, OFFER_CHANGED, limit)
                offers = list(get_many(session, [UUID(key) for key in set(rows.values())]).values())
            serving = self._served_index
            found = vector_cache.get_or_embed_offers(
                self._database, serving.embedder, [build_passage(offer.draft) for offer in offers]
            )
            serving.index.upsert([build_document(o, v) for o, v in zip(offers, found, strict=True)])
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
        with self._change_lock:
            serving = self._open(name, self._indexes.embedder_url(name))
            requeue_offers(self._database, since)
            self._indexes.swap(name)
            self._served_index.semantic_occupations.close()
            self._served_index = serving
            if self._uses_semantic_occupations:
                serving.semantic_occupations.start()

    def health(self) -> Health:
        """What is served now."""
        serving = self._served_index
        with self._database.read() as session:
            behind = count_waiting(session, OFFER_CHANGED)
        return Health(serving.name, serving.embedder.url, serving.index.count(), behind)

    def close(self) -> None:
        self._policy_provider.close()
        self._served_index.semantic_occupations.close()
        self._served_index.index.close()


def _validate_limit(limit: int, maximum: int) -> None:
    if not 1 <= limit <= maximum:
        raise BadInputError(mark("Ask for between 1 and %(most)s offers."), field="limit", most=maximum)


def _validate_text(text: str) -> str:
    if len(text) > MAX_TEXT_LENGTH:
        raise BadInputError(
            mark("This text is too long: %(most)s characters at most."), field="text", most=MAX_TEXT_LENGTH
        )
    return text.encode("utf-8", "replace").decode()


def _with_elapsed_time(answer: Answer, started: float) -> Answer:
    return replace(answer, took_ms=round((perf_counter() - started) * 1000, 2))
