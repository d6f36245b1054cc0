"""The matching engine in this process: it answers with recommendations and keeps its index up to date.

Its only state is what is served now: one index, the embedder it was built with, and the ranking policy.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from time import perf_counter
from uuid import UUID

from oim.features.events import INDEX, consume_next
from oim.features.matching import profile_store, vector_cache
from oim.features.matching.answer import Answer, WordHits
from oim.features.matching.documents import build_document, build_passage
from oim.features.matching.embedding_slots import EmbeddingSlots
from oim.features.matching.index import Vector
from oim.features.matching.index_build import requeue_offers
from oim.features.matching.learning.serving import PolicyProvider
from oim.features.matching.pipeline import recommend_offers, search_by_words
from oim.features.matching.ports import MAX_SEARCH_HITS, Embedder, Health, Index, Indexes
from oim.features.matching.profile import Profile
from oim.features.matching.semantic_occupations import START_DELAY, SemanticOccupations
from oim.features.matching.understanding import Understanding, understand
from oim.features.matching.vector_cache import CachedEmbedder
from oim.features.opportunities import get_many
from oim.kit.clock import now
from oim.kit.db import Database, Message, count_waiting
from oim.kit.environment import count_cores
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark
from oim.kit.telemetry import logger

MAX_TEXT_LENGTH = 4000  # characters of a profile's text
MAX_ITEMS = 50  # offers in one recommendation


@dataclass(frozen=True)
class ServedIndex:
    """An index together with the embedder it was built with, and what depends on that embedder."""

    name: str
    index: Index
    embedder: Embedder
    embed_query: CachedEmbedder
    semantic_occupations: SemanticOccupations

    def embed(self, text: str, *, known: bool, words_only: bool) -> Vector | None:
        """Embed a query. None if it has no words, is answered by these alone, or no place is free."""
        return self.embed_query(text, known=known) if text and not words_only else None


class LocalEngine:
    """The `Engine` interface in this process. One lock orders changes of the index; reading takes no lock."""

    def __init__(
        self, database: Database, indexes: Indexes, get_embedder: Callable[[str], Embedder], embedder_url: str
    ) -> None:
        """`embedder_url`: the embedder for a first index; an existing index keeps its own."""
        self._database = database
        self._indexes = indexes
        self._get_embedder = get_embedder
        self._change_lock = threading.Lock()
        self._embedding_slots = EmbeddingSlots(count_cores())
        self._served_index = self._open_current() or self._create_empty(embedder_url)
        self._policy_provider = PolicyProvider(database)
        self._uses_semantic_occupations = False

    def _open_current(self) -> ServedIndex | None:
        """Open the current index; None if there is none, or it cannot be opened.

        An index is derived from the database: a broken one is rebuilt instead of keeping the engine down.
        """
        try:
            current = self._indexes.current()
            return self._open(*current) if current else None
        except Exception as error:
            logger(__name__).exception("the index cannot be opened: it is built anew", error=str(error))
            return None

    def _create_empty(self, embedder_url: str) -> ServedIndex:
        """Create an empty index, make it current, and queue every offer for it."""
        name, index = self._indexes.create(embedder_url, self._get_embedder(embedder_url).dimension)
        index.close()
        # Queued before the index becomes current: killed in between, the next start creates and queues again.
        # The other way round it would find an empty index that nothing fills.
        requeue_offers(self._database)
        self._indexes.swap(name)
        return self._open(name, embedder_url)

    def _open(self, name: str, embedder_url: str) -> ServedIndex:
        """Open an index with everything that serves it."""
        embedder = self._get_embedder(embedder_url)
        semantic_occupations = SemanticOccupations(self._database, embedder)
        index = self._indexes.open(name)
        return ServedIndex(
            name, index, embedder, CachedEmbedder(embedder, self._embedding_slots), semantic_occupations
        )

    def start_semantic_occupations(self, wait: float = START_DELAY) -> SemanticOccupations:
        """Recognise trades by meaning too, as soon as that is prepared; answers do not wait for it."""
        self._uses_semantic_occupations = True
        self._served_index.semantic_occupations.start(wait)
        return self._served_index.semantic_occupations

    def recommend(
        self,
        profile: Profile,
        limit: int,
        *,
        shown: bool = False,
        known: bool = False,
        words_only: bool = False,
    ) -> Answer:
        """Rank and explain offers for a profile. Raises BadInputError."""
        started = perf_counter()
        _validate_limit(limit, MAX_ITEMS)
        understanding = understand(replace(profile, text=_validate_text(profile.text)), now())
        return self.recommend_understood(
            understanding, limit, started, shown=shown, known=known, words_only=words_only
        )

    def recommend_for_person(self, person: UUID, limit: int, *, shown: bool = False) -> Answer:
        """The list for a stored profile, by its stored vector. Raises BadInputError, NotFoundError."""
        # `_served_index` is read once for each request: a swap meanwhile must not mix an index with vectors
        # of another embedder.
        started, serving = perf_counter(), self._served_index
        _validate_limit(limit, MAX_ITEMS)
        profile, vector = profile_store.load_profile_and_vector(
            self._database, serving.embedder.url, serving.embed_query, person
        )
        understanding = understand(profile, now())
        return _with_elapsed_time(
            self._recommend(serving, understanding, vector, limit, shown=shown, known=True), started
        )

    def find_by_words(
        self, text: str, limit: int, *, known: bool = False, words_only: bool = False
    ) -> WordHits:
        """Find offers by words alone, best match first. Raises BadInputError."""
        _validate_limit(limit, MAX_SEARCH_HITS)
        understanding, serving = understand(Profile(text=_validate_text(text)), now()), self._served_index
        text = understanding.query_text
        vector = serving.embed(text, known=known, words_only=words_only)
        understanding = serving.semantic_occupations.add_to(understanding, vector)
        ids = search_by_words(understanding, vector, serving.index, serving.embedder.cosine_range, limit)
        return WordHits(tuple(ids), words_only=vector is None and bool(text))

    def recommend_understood(
        self,
        understanding: Understanding,
        limit: int,
        started: float,
        *,
        shown: bool = False,
        known: bool = False,
        words_only: bool = False,
    ) -> Answer:
        """Run the stages after understanding; `started`: the `perf_counter` value that timing begins at."""
        serving, text = self._served_index, understanding.query_text
        vector = serving.embed(text, known=known, words_only=words_only)
        answer = self._recommend(serving, understanding, vector, limit, shown=shown, known=known)
        return _with_elapsed_time(answer, started)

    def _recommend(
        self,
        served_index: ServedIndex,
        understanding: Understanding,
        vector: Vector | None,
        limit: int,
        *,
        shown: bool,
        known: bool,
    ) -> Answer:
        """Recommend from one served index by the policy in force."""
        policy, understanding = (
            self._policy_provider.get_policy(shown=shown, known=known),
            served_index.semantic_occupations.add_to(understanding, vector),
        )
        answer = recommend_offers(
            understanding, vector, served_index.index, served_index.embedder.cosine_range, limit, policy
        )
        return replace(answer, words_only=vector is None and bool(understanding.query_text))

    def index_pending(self, limit: int) -> int:
        """Apply up to `limit` pending changes to the index; returns how many. Safe to repeat."""
        with self._change_lock:
            return consume_next(self._database, INDEX, self._index_changes, limit)

    def _index_changes(self, changes: Sequence[Message]) -> None:
        """Bring the offers of some changes into the index as they stand now, each once."""
        ids = {UUID(change.key) for change in changes}
        with self._database.read() as session:
            offers = list(get_many(session, list(ids)).values())
        serving = self._served_index
        vectors = vector_cache.get_or_embed_offers(
            self._database, serving.embedder, [build_passage(offer.draft) for offer in offers]
        )
        serving.index.upsert([build_document(o, v) for o, v in zip(offers, vectors, strict=True)])
        # Changed offers that `get_many` leaves out are deleted or no longer public.
        serving.index.delete(sorted(ids - {offer.id for offer in offers}))

    def swap(self, name: str, since: datetime) -> None:
        """Serve another index, built beside the current one from the offers as of `since`.

        Changes made since then are queued again before the switch, so that a kill at any moment loses none.
        The previous index closes by itself when the last request that reads it ends. Raises NotFoundError.
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
        """What is served now, and how many changes are pending."""
        serving = self._served_index
        with self._database.read() as session:
            waiting = count_waiting(session, INDEX)
        return Health(serving.name, serving.embedder.url, serving.index.count(), waiting)

    def close(self) -> None:
        """Stop the background threads, then release the index."""
        self._policy_provider.close()
        self._served_index.semantic_occupations.close()
        self._served_index.index.close()


def _validate_limit(limit: int, maximum: int) -> None:
    """Check the number of offers asked for. Raises BadInputError."""
    if not 1 <= limit <= maximum:
        raise BadInputError(mark("Ask for between 1 and %(most)s offers."), field="limit", most=maximum)


def _validate_text(text: str) -> str:
    """Check a text's length and replace what UTF-8 cannot encode. Raises BadInputError."""
    if len(text) > MAX_TEXT_LENGTH:
        raise BadInputError(
            mark("This text is too long: %(most)s characters at most."), field="text", most=MAX_TEXT_LENGTH
        )
    # JSON may carry lone surrogates ("\ud83d"), which would make hashing and embedding fail.
    return text.encode("utf-8", "replace").decode()


def _with_elapsed_time(answer: Answer, started: float) -> Answer:
    """The answer with its duration in milliseconds since `started`."""
    return replace(answer, took_ms=round((perf_counter() - started) * 1000, 2))
