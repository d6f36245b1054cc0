"""Interfaces of matching: the index and embedder it needs, and the engine that other features call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from oim.features.matching.answer import Answer, WordHits
from oim.features.matching.index import Document, Hit, IndexQuery, Vector
from oim.features.matching.profile import Profile

MAX_SEARCH_HITS = 200  # offers that one search by words returns at most


class Embedder(Protocol):
    """A model that turns texts into unit vectors. Row `i` of a result belongs to text `i`."""

    @property
    def url(self) -> str:
        """The embedder's name in the settings: an index remembers the embedder it was built with."""

    @property
    def dimension(self) -> int:
        """Length of every vector."""

    @property
    def cosine_range(self) -> tuple[float, float]:
        """Measured cosines of a query with an unrelated offer and with the best match: (low, high)."""

    # Two methods, because models such as E5 mark queries and passages with different prefixes.
    def embed_queries(self, texts: Sequence[str]) -> Vector:
        """Embed what people write. Returns a float32 array of shape (len(texts), dimension)."""

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        """Embed offers' texts. Returns a float32 array of shape (len(texts), dimension)."""


class Searchable(Protocol):
    """A set of offers that can be searched."""

    def search(self, query: IndexQuery) -> list[Hit]:
        """At most `query.limit` hits, best first."""


class Index(Searchable, Protocol):
    """One built index of offers."""

    def upsert(self, documents: Sequence[Document]) -> None:
        """Add or replace documents durably."""

    def delete(self, ids: Sequence[UUID]) -> None:
        """Remove documents; unknown ids are not an error."""

    def count(self) -> int:
        """How many offers the index contains."""

    def optimize(self) -> None:
        """Reorganise the index for the fastest search; may take a minute for 100,000 offers."""

    def close(self) -> None:
        """Release the index; acknowledged writes persist."""


class Indexes(Protocol):
    """All indexes in one storage location; one of them is current."""

    def current(self) -> tuple[str, str] | None:
        """Name of the current index and the URL of the embedder it was built with."""

    def embedder_url(self, name: str) -> str:
        """URL of the embedder that an index was built with. Raises NotFoundError."""

    def create(self, embedder_url: str, dimension: int) -> tuple[str, Index]:
        """Create an empty index beside the current one; returns its name and the index."""

    def open(self, name: str) -> Index:
        """Open an existing index."""

    def swap(self, name: str) -> None:
        """Make an index current, atomically, and drop the previous one. Raises NotFoundError."""


class Engine(Protocol):
    """The matching engine, in this process or in another one."""

    def recommend(
        self,
        profile: Profile,
        limit: int,
        *,
        shown: bool = False,
        known: bool = False,
        words_only: bool = False,
    ) -> Answer:
        """Rank and explain offers for a profile. Raises BadInputError, UnavailableError.

        `shown`: a person will see the list, so it is recorded and its offers count as more crowded.
        `known`: somebody who is signed in asks, who goes before strangers when too many ask at once. Their
        list counts more for the ranker and for congestion. `words_only`: spare the work of comparing by
        meaning, as where too many ask at once.
        """

    def recommend_for_person(self, person: UUID, limit: int, *, shown: bool = False) -> Answer:
        """The same for a stored profile, whose text vector is stored too. Raises NotFoundError as well."""

    def find_by_words(
        self, text: str, limit: int, *, known: bool = False, words_only: bool = False
    ) -> WordHits:
        """Find the open offers related to some words, best match first; empty where none is related.

        `known`, `words_only`: as in `recommend`.

        `limit` is at most `MAX_SEARCH_HITS`. Raises BadInputError, UnavailableError.
        """

    def index_pending(self, limit: int) -> int:
        """Apply up to `limit` pending changes of offers to the index; returns how many were applied.

        Raises UnavailableError.
        """

    def swap(self, name: str, since: datetime) -> None:
        """Serve another index, built beside the current one from the offers as of `since`.

        Raises NotFoundError, UnavailableError.
        """

    def health(self) -> Health:
        """What the engine serves now. Raises UnavailableError."""


@dataclass(frozen=True, slots=True)
class Health:
    """What an engine serves: its index, that index's embedder, indexed offers, and pending changes."""

    index: str
    embedder: str
    offers: int
    waiting: int
