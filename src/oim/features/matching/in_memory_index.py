"""Offers in memory, all compared with each question: for batches, where one product serves many people.

It answers what an index of the same offers answers, exactly; see the contract of `Index`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

import numpy as np
import numpy.typing as npt

from oim.features.matching import index_payload
from oim.features.matching.index import Document, Hit, IndexQuery, SparseVector, Vector
from oim.features.matching.index_payload import Condition

RRF_K = 60  # as the indexes fuse
MAX_CACHED_MASKS = 1024  # in memory, a byte an offer
Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class InMemoryIndex:
    """The offers of a batch, as arrays: a few kilobytes an offer."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._vectors = np.stack([document.vector for document in documents]) if documents else None
        self._documents = documents
        self._payloads = [index_payload.to_filter_fields(document.card) for document in documents]
        self._postings = _build_postings(documents)
        self._rows_by_date: Rows = np.argsort(
            [-document.card.published_at for document in documents], kind="stable"
        )
        self._cached_mask = lru_cache(maxsize=MAX_CACHED_MASKS)(self._match_condition)

    def compute_cosines(self, vectors: Vector) -> Vector:
        """Of each person's vector to each offer: float32 array of shape (people, offers)."""
        if self._vectors is None:
            return np.empty((len(vectors), 0), np.float32)
        return np.asarray(vectors @ self._vectors.T, np.float32)

    def for_person(self, cosines: Vector | None) -> _PersonSearch:
        """The offers for one person, by the cosine of each offer to their vector."""
        return _PersonSearch(self, cosines)

    def build_mask(self, conditions: tuple[Condition, ...]) -> Mask:
        """Which offers satisfy every condition."""
        masks = [self._cached_mask(condition) for condition in conditions]
        return np.asarray(np.logical_and.reduce(masks), np.bool_)

    def newest_rows(self, mask: Mask, depth: int) -> Rows:
        """The newest first."""
        return self._rows_by_date[mask[self._rows_by_date]][:depth]

    def compute_bm25(self, terms: SparseVector) -> Vector:
        """The BM25 score of every offer."""
        scores = np.zeros(len(self._documents), np.float32)
        for term, weight in zip(terms.indices, terms.values, strict=True):
            if term in self._postings:
                rows, weights = self._postings[term]
                scores[rows] += weight * weights
        return scores

    def offer_id(self, row: int) -> UUID:
        """The id of an offer."""
        return self._documents[row].id

    def build_hit(self, row: int, fused: float, cosines: Vector | None) -> Hit:
        document = self._documents[row]
        return Hit(document.id, fused, document.card, None if cosines is None else float(cosines[row]))

    def _match_condition(self, condition: Condition) -> Mask:
        return np.array([_satisfies(keys, condition) for keys in self._payloads], np.bool_)


@dataclass(frozen=True, slots=True)
class _PersonSearch:
    """`Searched` for one person."""

    index: InMemoryIndex
    cosines: Vector | None

    def search(self, query: IndexQuery) -> list[Hit]:
        fused: defaultdict[int, float] = defaultdict(float)
        worded = self.index.compute_bm25(query.terms) if query.terms else None
        for group in index_payload.list_condition_groups(query):
            for rows in self._rank_group(query, group, worded):
                for place, row in enumerate(rows.tolist()):
                    fused[row] += 1 / (RRF_K + place)
        best = sorted(fused.items(), key=self._sort_key)[: query.limit]
        return [self.index.build_hit(row, score, self.cosines) for row, score in best]

    def _sort_key(self, row: tuple[int, float]) -> tuple[float, UUID]:
        """Best first, equals by their id."""
        return -row[1], self.index.offer_id(row[0])

    def _rank_group(
        self, query: IndexQuery, conditions: tuple[Condition, ...], bm25_scores: Vector | None
    ) -> list[Rows]:
        allowed = self.index.build_mask(conditions)
        found = [] if self.cosines is None else [_top_rows(self.cosines, allowed, query.depth)]
        if bm25_scores is not None:
            found.append(_top_rows(bm25_scores, allowed & (bm25_scores > 0), query.depth))
        return found or [self.index.newest_rows(allowed, query.depth)]


def _top_rows(scores: Vector, mask: Mask, depth: int) -> Rows:
    """The rows of the greatest scores among those allowed, greatest first."""
    rows: Rows = np.flatnonzero(mask)
    kept = scores[rows]
    if len(rows) > depth:
        best = np.argpartition(kept, len(kept) - depth)[-depth:]
        rows, kept = rows[best], kept[best]
    return np.asarray(rows[np.argsort(-kept, kind="stable")], np.int64)


def _build_postings(documents: Sequence[Document]) -> dict[int, tuple[Rows, Vector]]:
    """Of each term, the offers that hold it with its weight times its inverse document frequency."""
    held: defaultdict[int, list[tuple[int, float]]] = defaultdict(list)
    for row, document in enumerate(documents):
        for term, weight in zip(document.terms.indices, document.terms.values, strict=True):
            held[term].append((row, weight))
    total = len(documents)
    return {
        term: (
            np.array([row for row, _ in pairs], np.int64),
            np.array([weight for _, weight in pairs], np.float32)
            * np.float32(math.log((total - len(pairs) + 0.5) / (len(pairs) + 0.5) + 1)),
        )
        for term, pairs in held.items()
    }


def _satisfies(payload: dict[str, str | int | float | list[str]], condition: Condition) -> bool:
    held, wanted = payload[condition.key], condition.value
    if isinstance(wanted, tuple):
        return not set(held if isinstance(held, list) else [held]).isdisjoint(wanted)
    number = float(held)  # type: ignore[arg-type]  # what is compared by size is a number
    return number >= wanted if condition.relation == "at_least" else number <= wanted
