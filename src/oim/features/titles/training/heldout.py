"""Measure how well an adapter finds the other names of a concept from a name it was not trained on.

Two kinds of names are queries: held-out names of concepts it was trained on under other names, and names of
held-out concepts. Names that contain the query word for word are no candidates: only the hard part counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean

import numpy as np
import numpy.typing as npt

from oim.features.titles.adapter import Vector
from oim.features.titles.training.names import LANGUAGES, Names, Source, Split, comparison_key

MAX_QUERIES = 400  # queries of each kind and direction
SEED = 1
DIRECTIONS = ((0, 0), (0, 1), (1, 1))  # index in LANGUAGES of the language of the query, and of its answers
RowIds = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class HeldOutFigures:
    """The figures of one kind of queries and one direction."""

    split: str  # name of the `Split` in lower case
    direction: str  # languages of query and answers: "fr→en"
    mrr: float  # mean reciprocal rank of the first right name
    success: float  # share of queries that find a right name first
    count: int  # of queries


def measure_held_out(names: Names, vectors: Vector) -> list[HeldOutFigures]:
    """Measure vectors, one row for each name, whose dot products are similarities."""
    keys = [comparison_key(text) for text in names.texts]
    return [
        _measure_split(names, vectors, keys, part, direction)
        for part in (Split.TRY_NAME, Split.TRY_THING)
        for direction in DIRECTIONS
    ]


def _measure_split(
    names: Names, vectors: Vector, keys: list[str], split: Split, direction: tuple[int, int]
) -> HeldOutFigures:
    """Measure one kind of queries in one direction; all figures are zero when it has no query."""
    queries, candidates = _select_rows(names, split, direction)
    ranks = [
        rank for row in queries if (rank := _rank_first_positive(names, vectors, keys, int(row), candidates))
    ]
    languages = f"{LANGUAGES[direction[0]]}→{LANGUAGES[direction[1]]}"
    reciprocals = [1 / rank for rank in ranks] or [0.0]
    return HeldOutFigures(
        split=split.name.lower(),
        direction=languages,
        mrr=fmean(reciprocals),
        success=fmean(reciprocal == 1 for reciprocal in reciprocals),
        count=len(ranks),
    )


def _select_rows(names: Names, split: Split, direction: tuple[int, int]) -> tuple[RowIds, RowIds]:
    """Return the rows of the queries of one kind and direction, and those of all candidates."""
    occupations = names.sources == Source.OCCUPATION
    queries = np.flatnonzero(occupations & (names.splits == split) & (names.languages == direction[0]))
    is_candidate = occupations & (names.languages == direction[1])
    # In the language of the query, held-out names would be right answers that the adapter was not trained on
    # either; the question is whether it finds the names that it knows.
    if split is Split.TRY_NAME and direction[0] == direction[1]:
        is_candidate &= ~np.isin(names.splits, (Split.TRY_NAME, Split.EXCLUDED))
    # A fixed seed: the embedder and the adapter are measured on the same queries.
    return np.random.default_rng(SEED).permutation(queries)[:MAX_QUERIES], np.flatnonzero(is_candidate)


def _rank_first_positive(
    names: Names, vectors: Vector, keys: list[str], row: int, candidates: RowIds
) -> int | None:
    """Return the rank, from 1, of the first name of the query's concept.

    None when every name of that concept contains the query.
    """
    is_same_concept = names.concepts[candidates] == names.concepts[row]
    contains_query = np.array([keys[row] in keys[other] for other in candidates[is_same_concept]], bool)
    positives = np.flatnonzero(is_same_concept)[~contains_query]
    if not len(positives):
        return None
    scores = vectors[candidates] @ vectors[row]
    # Names that contain the query are easy right answers: they neither count nor push others down.
    scores[np.flatnonzero(is_same_concept)[contains_query]] = -np.inf
    return 1 + int((scores > scores[positives].max()).sum())
