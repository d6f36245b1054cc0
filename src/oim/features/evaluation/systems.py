"""The systems that can be evaluated: BM25, the embedder as it is, and our matcher of titles."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import py3langid

from oim.features.matching import BM25_B, BM25_K1, Embedder, Vector, stem_text
from oim.features.titles import MAX_TITLE_LENGTH, TitleMatcher, split_genders

LANGUAGE_SAMPLE = 200  # texts, and characters of each, that tell the language of a corpus

Postings = dict[str, tuple[npt.NDArray[Any], npt.NDArray[Any]]]  # of a stem: elements, and counts in them


class Ranker(Protocol):
    """A corpus made searchable."""

    def scores(self, query: str) -> Vector:
        """One score for each element, in their order, of the order of one; minus infinity: not found."""


class System(Protocol):
    """What makes a corpus searchable."""

    def index(self, texts: Sequence[str], /) -> Ranker:
        """The ranker of these texts."""


class BothGenders:
    """Another system, asked for the masculine and the feminine form of a title: the better score counts."""

    def __init__(self, system: System) -> None:
        self._system = system

    def index(self, texts: Sequence[str], /) -> Ranker:
        """The other system's ranker, asked twice."""
        return _BothGendersRanker(self._system.index(texts))


class _BothGendersRanker:
    def __init__(self, ranker: Ranker) -> None:
        self._ranker = ranker

    def scores(self, query: str) -> Vector:
        return np.asarray(np.maximum.reduce([self._ranker.scores(form) for form in split_genders(query)]))


class Cosine:
    """The cosine of the embedder's vectors for texts as they are written, and nothing else."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def index(self, texts: Sequence[str], /) -> Ranker:
        """Embed every text as a passage."""
        return _CosineRanker(self._embedder, self._embedder.embed_passages(texts))


class _CosineRanker:
    def __init__(self, embedder: Embedder, vectors: Vector) -> None:
        self._embedder = embedder
        self._vectors = vectors

    def scores(self, query: str) -> Vector:
        return np.asarray(self._vectors @ self._embedder.embed_queries([query])[0], np.float32)


class Bm25:
    """BM25 (Robertson and Zaragoza, 2009) on stems, by the rules of the corpus's language."""

    def index(self, texts: Sequence[str], /) -> Ranker:
        """Count stems, once for all queries."""
        sample = " ".join(text[:LANGUAGE_SAMPLE] for text in texts[:: len(texts) // LANGUAGE_SAMPLE + 1])
        language = str(py3langid.classify(sample)[0])
        rows: dict[str, list[int]] = defaultdict(list)
        counts: dict[str, list[int]] = defaultdict(list)
        lengths = np.zeros(len(texts), np.float32)
        for row, text in enumerate(texts):
            held = Counter(stem_text(text, language))
            lengths[row] = held.total()
            for stemmed, count in held.items():
                rows[stemmed].append(row)
                counts[stemmed].append(count)
        norms = BM25_K1 * (1 - BM25_B + BM25_B * lengths / max(float(lengths.mean()), 1.0))
        postings = {
            stemmed: (np.array(rows[stemmed], np.int32), np.array(counts[stemmed], np.int32))
            for stemmed in rows
        }
        return _Bm25Ranker(language, norms, postings)


class _Bm25Ranker:
    def __init__(self, language: str, norms: Vector, postings: Postings) -> None:
        self._language = language
        self._norms = norms
        self._postings = postings

    def scores(self, query: str) -> Vector:
        found = np.zeros(len(self._norms), np.float32)
        for stemmed in dict.fromkeys(stem_text(query, self._language)):
            if stemmed in self._postings:
                rows, counts = self._postings[stemmed]
                rarity = math.log(1 + (len(found) - len(rows) + 0.5) / (len(rows) + 0.5))
                found[rows] += rarity * counts * (BM25_K1 + 1) / (counts + self._norms[rows])
        return found


class AdapterSystem:
    """Titles by our adapter; documents, which it never learned, by words and meaning in equal parts.

    `groups` tells, where a set says so, which texts name one thing: see `TitleIndex.scores`.
    """

    def __init__(self, embedder: Embedder, groups: Sequence[str] | None) -> None:
        self._embedder = embedder
        self._groups = groups

    def index(self, texts: Sequence[str], /) -> Ranker:
        """The ranker that suits these texts."""
        if texts and median(map(len, texts)) > MAX_TITLE_LENGTH:
            return _SumRanker([Bm25().index(texts), Cosine(self._embedder).index(texts)])
        return TitleMatcher(self._embedder).index(texts, self._groups)


class _SumRanker:
    def __init__(self, rankers: Sequence[Ranker]) -> None:
        self._rankers = rankers

    def scores(self, query: str) -> Vector:
        return np.asarray(sum(_standardise(ranker.scores(query)) for ranker in self._rankers), np.float32)


def _standardise(scores: Vector) -> Vector:
    """Scores as deviations from their mean."""
    return np.asarray((scores - scores.mean()) / max(float(scores.std()), 1e-9), np.float32)


SYSTEMS: dict[str, Callable[[Embedder, Sequence[str] | None], System]] = {
    "adapter": AdapterSystem,
    "embedder": lambda embedder, _: Cosine(embedder),
    "bm25": lambda _, __: BothGenders(Bm25()),
}
