"""What matching needs from outside: an index, an embedder; and the engine as its callers see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from oim.features.matching.answer import Answer
from oim.features.matching.index import Document, Hit, IndexQuery, Vector
from oim.features.matching.profile import Profile

MAX_SEARCH_HITS = 200  # offers by words alone


class Embedder(Protocol):
    """Texts to unit vectors. Rows of a result match the texts given."""

    @property
    def url(self) -> str:
        """Its name in settings: an index remembers the embedder it was built with."""

    @property
    def dimension(self) -> int:
        """Length of every vector."""

    @property
    def cosine_range(self) -> tuple[float, float]:
        """Cosines, as measured, of a query with an offer it has nothing to do with, and with the best one."""

    def embed_queries(self, texts: Sequence[str]) -> Vector:
        """Float32 array of shape (len(texts), dimension)."""

    def embed_passages(self, texts: Sequence[str]) -> Vector:
        """Float32 array of shape (len(texts), dimension)."""


class Searchable(Protocol):
    """Offers that can be asked for."""

    def search(self, query: IndexQuery) -> list[Hit]:
        """At most `query.limit` hits, best first."""


class Index(Searchable, Protocol):
    """One built index of offers."""

    def upsert(self, documents: Sequence[Document]) -> None:
        """Add or replace, durably."""

    def delete(self, ids: Sequence[UUID]) -> None:
        """Remove; unknown ids are no error."""

    def count(self) -> int:
        """How many offers it holds."""

    def optimize(self) -> None:
        """Bring it into its fastest form; may take a minute for 100,000 offers."""

    def close(self) -> None:
        """Release it; what was acknowledged stays."""


class Indexes(Protocol):
    """Every index of one home; one of them is current."""

    def current(self) -> tuple[str, str] | None:
        """Name of the current index and the URL of the embedder it was built with."""

    def embedder_url(self, name: str) -> str:
        """URL of the embedder that an index was built with. Raises NotFoundError."""

    def create(self, embedder_url: str, dimension: int) -> tuple[str, Index]:
        """A new empty index beside the current one, with its name."""

    def open(self, name: str) -> Index:
        """An existing index."""

    def swap(self, name: str) -> None:
        """Make an index the current one, atomically, and drop the one before. Raises NotFoundError."""


class Engine(Protocol):
    """The matching engine, in this process or another."""

    def recommend(self, profile: Profile, limit: int, *, shown: bool = False) -> Answer:
        """A ranked, explained list. Raises BadInputError, UnavailableError.

        `shown`: a person will see it, so it is recorded and its offers get more crowded.
        """

    def recommend_for_person(self, person: UUID, limit: int, *, shown: bool = False) -> Answer:
        """The same for a person whose profile is kept; nothing is embedded. Raises NotFoundError too."""

    def find_by_words(self, text: str, limit: int) -> list[UUID]:
        """The open offers that have to do with some words, most fitting first; none where none has.

        `limit` is at most `MOST_FOUND`. Raises BadInputError, UnavailableError.
        """

    def index_pending(self, limit: int) -> int:
        """Bring up to `limit` waiting changes of offers into the index; how many were.

        Raises UnavailableError.
        """

    def swap(self, name: str, since: datetime) -> None:
        """Serve another index, built beside the current one from the offers as of `since`.

        Raises NotFoundError, UnavailableError.
        """

    def health(self) -> Health:
        """What is served now. Raises UnavailableError."""


@dataclass(frozen=True, slots=True)
class Health:
    """What an engine serves: its index, the embedder of that index, offers held, changes waiting."""

    index: str
    embedder: str
    offers: int
    waiting: int
