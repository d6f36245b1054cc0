"""An exact index in memory: every offer is compared with every query, by one matrix product for many people.

For batches. It answers what an `Index` of the same offers answers, but exactly: no approximate search.
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
from oim.features.matching.index import RRF_K, Document, Hit, IndexQuery, SparseVector, Vector
from oim.features.matching.index_payload import Condition

MAX_CACHED_MASKS = 1024  # one byte per offer each
Rows = npt.NDArray[np.int64]  # positions of offers in the arrays
Mask = npt.NDArray[np.bool_]  # for each offer, whether it passes


class InMemoryIndex:
    """All offers of a batch as arrays, a few kilobytes per offer."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._vectors = np.stack([document.vector for document in documents]) if documents else None
        self._documents = documents
        self._payloads = [index_payload.to_filter_fields(document.card) for document in documents]
        self._postings = _build_postings(documents)
        self._rows_by_date: Rows = np.argsort(
            [-document.card.published_at for document in documents], kind="stable"
        )
        # People share most conditions (deadline, gender, region): each is compared with the offers once.
        self._cached_mask = lru_cache(maxsize=MAX_CACHED_MASKS)(self._match_condition)

    def compute_cosines(self, vectors: Vector) -> Vector:
        """The cosine of each person's vector to each offer: float32 array of shape (people, offers)."""
        if self._vectors is None:
            return np.empty((len(vectors), 0), np.float32)
        # All vectors have length 1 (or 0, for a person without words): their product is the cosine.
        return np.asarray(vectors @ self._vectors.T, np.float32)

    def for_person(self, cosines: Vector | None) -> _PersonSearch:
        """The offers as one person can search them, given the cosine of each offer to their vector."""
        return _PersonSearch(self, cosines)

    def build_mask(self, conditions: tuple[Condition, ...]) -> Mask:
        """For each offer, whether it satisfies every condition."""
        masks = [self._cached_mask(condition) for condition in conditions]
        return np.asarray(np.logical_and.reduce(masks), np.bool_)

    def newest_rows(self, mask: Mask, depth: int) -> Rows:
        """The `depth` newest offers among those in the mask, newest first."""
        return self._rows_by_date[mask[self._rows_by_date]][:depth]

    def compute_bm25(self, terms: SparseVector) -> Vector:
        """The BM25 score of every offer for the terms of a query; 0 where no term occurs."""
        scores = np.zeros(len(self._documents), np.float32)
        for term, weight in zip(terms.indices, terms.values, strict=True):
            if term in self._postings:
                rows, weights = self._postings[term]
                scores[rows] += weight * weights
        return scores

    def offer_id(self, row: int) -> UUID:
        """The id of the offer in a row."""
        return self._documents[row].id

    def build_hit(self, row: int, fused: float, cosines: Vector | None) -> Hit:
        """The hit of the offer in a row, with its fused score."""
        document = self._documents[row]
        return Hit(document.id, fused, document.card, None if cosines is None else float(cosines[row]))

    def _match_condition(self, condition: Condition) -> Mask:
        """For each offer, whether it satisfies one condition."""
        return np.array([_satisfies(payload, condition) for payload in self._payloads], np.bool_)


@dataclass(frozen=True, slots=True)
class _PersonSearch:
    """The offers for one person: a `Searchable` whose cosines are already computed."""

    index: InMemoryIndex
    cosines: Vector | None

    def search(self, query: IndexQuery) -> list[Hit]:
        """The hits of a query, best first. Its vector is not read: the cosines stand for it."""
        fused: defaultdict[int, float] = defaultdict(float)
        bm25_scores = self.index.compute_bm25(query.terms) if query.terms else None
        for group in index_payload.list_condition_groups(query):
            for rows in self._rank_group(query, group, bm25_scores):
                # Reciprocal rank fusion: an offer gets 1 / (60 + place) from every ranking it is in.
                for place, row in enumerate(rows.tolist()):
                    fused[row] += 1 / (RRF_K + place)
        best = sorted(fused.items(), key=self._sort_key)[: query.limit]
        return [self.index.build_hit(row, score, self.cosines) for row, score in best]

    def _sort_key(self, row_score: tuple[int, float]) -> tuple[float, UUID]:
        """The key that sorts rows with their scores: best first, equal scores by the id of the offer."""
        row, score = row_score
        return -score, self.index.offer_id(row)

    def _rank_group(
        self, query: IndexQuery, conditions: tuple[Condition, ...], bm25_scores: Vector | None
    ) -> list[Rows]:
        """The rankings of one group of offers: by meaning, by words, or, with neither, by date."""
        allowed = self.index.build_mask(conditions)
        rankings = [] if self.cosines is None else [_top_rows(self.cosines, allowed, query.depth)]
        if bm25_scores is not None:
            # Offers without any of the words are not in the ranking at all, as in an inverted index.
            rankings.append(_top_rows(bm25_scores, allowed & (bm25_scores > 0), query.depth))
        return rankings or [self.index.newest_rows(allowed, query.depth)]


def _top_rows(scores: Vector, mask: Mask, depth: int) -> Rows:
    """The `depth` rows with the greatest scores among those in the mask, greatest first."""
    rows: Rows = np.flatnonzero(mask)
    row_scores = scores[rows]
    if len(rows) > depth:
        # Partition first, in linear time, so that only `depth` scores are sorted.
        best = np.argpartition(row_scores, len(row_scores) - depth)[-depth:]
        rows, row_scores = rows[best], row_scores[best]
    return np.asarray(rows[np.argsort(-row_scores, kind="stable")], np.int64)


def _build_postings(documents: Sequence[Document]) -> dict[int, tuple[Rows, Vector]]:
    """For each term, the rows of the offers that have it, and its weight in each times its IDF."""
    weights_by_term: defaultdict[int, list[tuple[int, float]]] = defaultdict(list)
    for row, document in enumerate(documents):
        for term, weight in zip(document.terms.indices, document.terms.values, strict=True):
            weights_by_term[term].append((row, weight))
    total = len(documents)
    # IDF of BM25, as Qdrant computes it: log((N - n + 0.5) / (n + 0.5) + 1), for n of N offers with the term.
    return {
        term: (
            np.array([row for row, _ in pairs], np.int64),
            np.array([weight for _, weight in pairs], np.float32)
            * np.float32(math.log((total - len(pairs) + 0.5) / (len(pairs) + 0.5) + 1)),
        )
        for term, pairs in weights_by_term.items()
    }


def _satisfies(payload: dict[str, str | int | float | list[str]], condition: Condition) -> bool:
    """Whether the filter fields of an offer satisfy a condition. A list does if any of its values does."""
    stored, required = payload[condition.key], condition.value
    if isinstance(required, tuple):
        return not set(stored if isinstance(stored, list) else [stored]).isdisjoint(required)
    number = float(stored)  # type: ignore[arg-type]  # what is compared by size is a number
    return number >= required if condition.relation == "at_least" else number <= required
