"""Search titles by similarity: each title is one vector, a query is compared in each of its plain forms."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from oim.features.titles.adapter import Adapter, Vector, load_shipped_adapter
from oim.features.titles.forms import normalise_title, query_forms
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

# Weight of the mean score of a group in the score of each of its titles: enough to order equal titles, too
# little to reorder titles that differ.
GROUP_WEIGHT = 0.001
BATCH = 4096  # titles embedded in one call
CACHE_SIZE = 65536  # titles in the cache, half a kilobyte each
_vector_cache: dict[str, Vector] = {}  # table's part of the shipped adapter, by title


class Embedder(Protocol):
    """A model that turns texts into vectors of unit length."""

    @property
    def url(self) -> str:
        """The URL by which the settings name it."""

    def embed_queries(self, texts: Sequence[str]) -> Vector:
        """Return a float32 array of shape (len(texts), dimension)."""


class TitleMatcher:
    """Builds indexes of titles from an embedder and the adapter that was trained on its vectors."""

    def __init__(self, embedder: Embedder, adapter: Adapter | None = None) -> None:
        """Use the shipped adapter by default; raise BadInputError for one trained on another embedder."""
        self._embedder = embedder
        self._adapter = adapter or load_shipped_adapter()
        if self._adapter.embedder != embedder.url:
            raise BadInputError(
                mark("Titles are learned over %(learned)s, not %(url)s: set OIM_EMBEDDER_URL back."),
                learned=self._adapter.embedder,
                url=embedder.url,
            )

    def index(self, texts: Sequence[str], groups: Sequence[Hashable] | None = None) -> TitleIndex:
        """Index texts in their order. Texts with equal `groups` name the same concept."""
        normalised = [normalise_title(text) for text in texts]
        parts = [self.encode(normalised[start : start + BATCH]) for start in range(0, len(normalised), BATCH)]
        vectors = np.concatenate(parts) if parts else np.empty((0, 0), np.float32)
        return TitleIndex(self, vectors, _number_groups(groups) if groups is not None else None)

    def encode(self, texts: Sequence[str]) -> Vector:
        """Return one unit row for each text."""
        return self._adapter.encode(texts, self._embedder.embed_queries(texts))


class TitleIndex:
    """Indexed titles, which a query is compared with."""

    def __init__(self, matcher: TitleMatcher, vectors: Vector, groups: npt.NDArray[np.intp] | None) -> None:
        self._matcher = matcher
        self._vectors = vectors
        self._groups = groups
        self._sizes = np.bincount(groups) if groups is not None else None

    def scores(self, query: str) -> Vector:
        """Return the similarity of each title to the best form of the query, from -1 to 1.

        Two groups may share a title, which then scores the same in both: the group whose titles are nearer on
        average comes first, by a weight too small to reorder titles that differ.
        """
        if not len(self._vectors):
            return np.empty(0, np.float32)
        query_vectors = self._matcher.encode(query_forms(query))
        # The best form for each title; of the ways to take this maximum, the fastest that was measured.
        best = np.maximum.reduce([*(self._vectors @ query_vectors.T).T])
        if self._groups is None or self._sizes is None:
            return np.asarray(best, np.float32)
        means = np.bincount(self._groups, best, len(self._sizes)) / self._sizes
        return np.asarray(best + GROUP_WEIGHT * means[self._groups], np.float32)


def _number_groups(groups: Sequence[Hashable]) -> npt.NDArray[np.intp]:
    """Replace each group by a number, from 0 in the order of first appearance."""
    numbers = {group: number for number, group in enumerate(dict.fromkeys(groups))}
    return np.array([numbers[group] for group in groups], np.intp)


def score_similarity(text: str, titles: Sequence[str]) -> Vector:
    """Return the similarity of a text to each title, from 0 to 1, by words and n-grams alone.

    It needs no embedder: the shipped adapter's table is enough.
    """
    if not text or not titles:
        return np.zeros(len(titles), np.float32)
    query = load_shipped_adapter().encode_ngrams([text])[0]
    # Not `@`: BLAS rounds a row's product by where the row stands, and equal titles must score the same bits
    # wherever they stand, or candidates of one score change places with the order in which they came.
    similarities = (_encode_cached(titles) * query).sum(axis=1)
    return np.asarray(similarities.clip(0, 1), np.float32)


def _encode_cached(titles: Sequence[str]) -> Vector:
    """Return the table's part of the vector of each title, from the cache where possible."""
    vectors = {title: _vector_cache.get(title) for title in titles}
    missing = [title for title, vector in vectors.items() if vector is None]
    if missing:
        # All missing titles in one call: one by one costs ten times more.
        new_vectors = dict(zip(missing, load_shipped_adapter().encode_ngrams(missing), strict=True))
        if len(_vector_cache) + len(new_vectors) > CACHE_SIZE:
            _vector_cache.clear()
        _vector_cache.update(new_vectors)
        vectors |= new_vectors
    return np.array([vectors[title] for title in titles], np.float32)
