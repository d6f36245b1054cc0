"""The systems that can be evaluated: BM25, the plain embedder, and our title matcher with its adapter."""

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

LANGUAGE_SAMPLE = 200  # texts, and characters of each, that the language of a corpus is detected from

# Stem to the numbers of the elements that contain it, and how often each does.
Postings = dict[str, tuple[npt.NDArray[Any], npt.NDArray[Any]]]


class Ranker(Protocol):
    """An indexed corpus that scores its elements for a query."""

    def scores(self, query: str) -> Vector:
        """One score for each element, in their order; minus infinity for an element not found.

        Scores are of the order of magnitude of 1, since rankings round them to five decimals.
        """


class System(Protocol):
    """A method of retrieval, which indexes a corpus."""

    def index(self, texts: Sequence[str], /) -> Ranker:
        """Index texts; returns their ranker."""


class BothGenders:
    """Another system, queried with the masculine and feminine form of a title: the better score counts."""

    def __init__(self, system: System) -> None:
        """Wrap a system."""
        self._system = system

    def index(self, texts: Sequence[str], /) -> Ranker:
        """Index texts by the wrapped system."""
        return _BothGendersRanker(self._system.index(texts))


class _BothGendersRanker:
    """The ranker of `BothGenders`."""

    def __init__(self, ranker: Ranker) -> None:
        """Wrap a ranker."""
        self._ranker = ranker

    def scores(self, query: str) -> Vector:
        """The better score of each element over the forms of the query."""
        return np.asarray(np.maximum.reduce([self._ranker.scores(form) for form in split_genders(query)]))


class Cosine:
    """Cosine similarity of the embedder's vectors of the texts as they are written, and nothing else."""

    def __init__(self, embedder: Embedder) -> None:
        """Search by this embedder."""
        self._embedder = embedder

    def index(self, texts: Sequence[str], /) -> Ranker:
        """Embed every text as a passage."""
        return _CosineRanker(self._embedder, self._embedder.embed_passages(texts))


class _CosineRanker:
    """The ranker of `Cosine`."""

    def __init__(self, embedder: Embedder, vectors: Vector) -> None:
        """`vectors` has shape (texts, dimension) and rows of length 1."""
        self._embedder = embedder
        self._vectors = vectors

    def scores(self, query: str) -> Vector:
        """The cosine of the query with each text, from -1 to 1."""
        # The vectors have length 1, so the dot product is the cosine.
        return np.asarray(self._vectors @ self._embedder.embed_queries([query])[0], np.float32)


class Bm25:
    """BM25 (Robertson and Zaragoza, 2009) on word stems, by the stemmer of the corpus's language."""

    def index(self, texts: Sequence[str], /) -> Ranker:
        """Detect the language of the texts and count their stems, once for all queries."""
        # Texts from all over the corpus: its beginning may be unlike the rest.
        sample = " ".join(text[:LANGUAGE_SAMPLE] for text in texts[:: len(texts) // LANGUAGE_SAMPLE + 1])
        language = str(py3langid.classify(sample)[0])
        rows: dict[str, list[int]] = defaultdict(list)
        counts: dict[str, list[int]] = defaultdict(list)
        lengths = np.zeros(len(texts), np.float32)
        for row, text in enumerate(texts):
            stem_counts = Counter(stem_text(text, language))
            lengths[row] = stem_counts.total()
            for stemmed, count in stem_counts.items():
                rows[stemmed].append(row)
                counts[stemmed].append(count)
        # The part of the formula that depends on the text alone: longer texts get less for the same count.
        norms = BM25_K1 * (1 - BM25_B + BM25_B * lengths / max(float(lengths.mean()), 1.0))
        postings = {
            stemmed: (np.array(rows[stemmed], np.int32), np.array(counts[stemmed], np.int32))
            for stemmed in rows
        }
        return _Bm25Ranker(language, norms, postings)


class _Bm25Ranker:
    """The ranker of `Bm25`."""

    def __init__(self, language: str, norms: Vector, postings: Postings) -> None:
        """`norms` has one number for each text, see `Bm25.index`."""
        self._language = language
        self._norms = norms
        self._postings = postings

    def scores(self, query: str) -> Vector:
        """The BM25 score of each text, 0 for a text without any stem of the query."""
        scores = np.zeros(len(self._norms), np.float32)
        # A stem that the query repeats counts once.
        for stemmed in dict.fromkeys(stem_text(query, self._language)):
            if stemmed in self._postings:
                rows, counts = self._postings[stemmed]
                # The 1 inside the logarithm keeps the weight of a stem that most texts contain above 0.
                rarity = math.log(1 + (len(scores) - len(rows) + 0.5) / (len(rows) + 0.5))
                scores[rows] += rarity * counts * (BM25_K1 + 1) / (counts + self._norms[rows])
        return scores


class AdapterSystem:
    """Our adapter for titles; for documents, which it was not trained on, BM25 and cosine in equal parts.

    `groups` states which texts name one thing, in a set that knows it: see `TitleIndex.scores`.
    """

    def __init__(self, embedder: Embedder, groups: Sequence[str] | None) -> None:
        """`groups` has one id for each text, in their order."""
        self._embedder = embedder
        self._groups = groups

    def index(self, texts: Sequence[str], /) -> Ranker:
        """Index texts as titles, or as documents when they are too long for titles."""
        if texts and median(map(len, texts)) > MAX_TITLE_LENGTH:
            return _SumRanker([Bm25().index(texts), Cosine(self._embedder).index(texts)])
        return TitleMatcher(self._embedder).index(texts, self._groups)


class _SumRanker:
    """Several rankers of one corpus, with equal weights."""

    def __init__(self, rankers: Sequence[Ranker]) -> None:
        """Combine rankers."""
        self._rankers = rankers

    def scores(self, query: str) -> Vector:
        """The sum of the standardised scores of all rankers, for each text."""
        # BM25 scores and cosines have different ranges: without standardising, BM25 would decide alone.
        return np.asarray(sum(_standardise(ranker.scores(query)) for ranker in self._rankers), np.float32)


def _standardise(scores: Vector) -> Vector:
    """Standardise scores: deviations from their mean in units of their standard deviation."""
    # 1e-9 avoids a division by 0 where all scores are equal, as for a query without any known word.
    return np.asarray((scores - scores.mean()) / max(float(scores.std()), 1e-9), np.float32)


# By the name given to `oim evaluate`; each takes the embedder and the groups of the set.
SYSTEMS: dict[str, Callable[[Embedder, Sequence[str] | None], System]] = {
    "adapter": AdapterSystem,
    "embedder": lambda embedder, _: Cosine(embedder),
    "bm25": lambda _, __: BothGenders(Bm25()),
}
