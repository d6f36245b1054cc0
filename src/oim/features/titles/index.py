"""Titles made searchable: each is one vector, and a query is asked in each of its plain forms."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from oim.features.titles.adapter import Adapter, Vector, load_shipped_adapter
from oim.features.titles.forms import normalise_title, query_forms
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

GROUP_WEIGHT = 0.001  # share of a thing's other names in the score of one: it parts equal names, no more
BATCH = 4096
CACHE_SIZE = 65536  # titles, half a kilobyte each
_vector_cache: dict[str, Vector] = {}  # made in one go for all that lack: one by one costs ten times more


class Embedder(Protocol):
    """What makes vectors of texts, in rows of unit length."""

    @property
    def url(self) -> str:
        """Its name in settings."""

    def embed_queries(self, texts: Sequence[str]) -> Vector:
        """Float32 array of shape (len(texts), dimension)."""


class TitleMatcher:
    """Makes indexes of titles, by an embedder and the adapter that was learned over it."""

    def __init__(self, embedder: Embedder, adapter: Adapter | None = None) -> None:
        """Raises BadInputError when the adapter was learned over another embedder."""
        self._embedder = embedder
        self._adapter = adapter or load_shipped_adapter()
        if self._adapter.embedder != embedder.url:
            raise BadInputError(
                mark("Titles are learned over %(learned)s, not %(url)s: set OIM_EMBEDDER_URL back."),
                learned=self._adapter.embedder,
                url=embedder.url,
            )

    def index(self, texts: Sequence[str], groups: Sequence[Hashable] | None = None) -> TitleIndex:
        """Every text as it is written, in its order. `groups` says which texts name the same thing."""
        written = [normalise_title(text) for text in texts]
        parts = [self.encode(written[start : start + BATCH]) for start in range(0, len(written), BATCH)]
        vectors = np.concatenate(parts) if parts else np.empty((0, 0), np.float32)
        return TitleIndex(self, vectors, _number_groups(groups) if groups is not None else None)

    def encode(self, texts: Sequence[str]) -> Vector:
        """One unit row a text."""
        return self._adapter.encode(texts, self._embedder.embed_queries(texts))


class TitleIndex:
    """Titles that can be asked for."""

    def __init__(self, matcher: TitleMatcher, vectors: Vector, groups: npt.NDArray[np.intp] | None) -> None:
        self._matcher = matcher
        self._vectors = vectors
        self._groups = groups
        self._sizes = np.bincount(groups) if groups is not None else None

    def scores(self, query: str) -> Vector:
        """The likeness of each title to the query's best form, from -1 to 1.

        Names that two things share cannot be told apart by themselves: the thing whose names as a whole are
        nearer comes first, by a share too small to reorder names that differ.
        """
        if not len(self._vectors):
            return np.empty(0, np.float32)
        asked = self._matcher.encode(query_forms(query))
        found = np.maximum.reduce([*(self._vectors @ asked.T).T])  # the quickest way round, measured
        if self._groups is None or self._sizes is None:
            return np.asarray(found, np.float32)
        means = np.bincount(self._groups, found, len(self._sizes)) / self._sizes
        return np.asarray(found + GROUP_WEIGHT * means[self._groups], np.float32)


def _number_groups(groups: Sequence[Hashable]) -> npt.NDArray[np.intp]:
    numbers = {group: number for number, group in enumerate(dict.fromkeys(groups))}
    return np.array([numbers[group] for group in groups], np.intp)


def score_similarity(text: str, titles: Sequence[str]) -> Vector:
    """Of what is said to each title, from 0 to 1."""
    if not text or not titles:
        return np.zeros(len(titles), np.float32)
    query = load_shipped_adapter().encode_ngrams([text])[0]
    # Not `@`: BLAS rounds a row's product by where the row stands, and equal titles must score the same bits
    # wherever they stand, or candidates of one score change places with the order in which they came.
    alike = (_encode_cached(titles) * query).sum(axis=1)
    return np.asarray(alike.clip(0, 1), np.float32)


def _encode_cached(titles: Sequence[str]) -> Vector:
    held = {title: _vector_cache.get(title) for title in titles}
    lacking = [title for title, vector in held.items() if vector is None]
    if lacking:
        made = dict(zip(lacking, load_shipped_adapter().encode_ngrams(lacking), strict=True))
        if len(_vector_cache) + len(made) > CACHE_SIZE:
            _vector_cache.clear()
        _vector_cache.update(made)
        held |= made
    return np.array([held[title] for title in titles], np.float32)
