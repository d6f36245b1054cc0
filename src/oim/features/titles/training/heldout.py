"""How well an adapter finds the other names of a thing from a name it never learned.

Two kinds are tried: held-out names of things it learned other names of, and names of held-out things. Names
that say the one asked for in as many words are not offered: what is left is the hard part.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean

import numpy as np
import numpy.typing as npt

from oim.features.titles.adapter import Vector
from oim.features.titles.training.names import LANGUAGES, Names, Source, Split, comparison_key

MAX_QUERIES = 400  # names tried of each kind and direction
SEED = 1
DIRECTIONS = ((0, 0), (0, 1), (1, 1))  # numbers of the language asked in and of the one answered in
RowIds = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class HeldOutFigures:
    """Of one kind of names and one direction: mean reciprocal rank and share found first."""

    split: str
    direction: str
    mrr: float
    success: float
    count: int


def measure_held_out(names: Names, vectors: Vector) -> list[HeldOutFigures]:
    """The figures of vectors, one row a name, whose products are likeness."""
    keys = [comparison_key(text) for text in names.texts]
    return [
        _measure_split(names, vectors, keys, part, direction)
        for part in (Split.TRY_NAME, Split.TRY_THING)
        for direction in DIRECTIONS
    ]


def _measure_split(
    names: Names, vectors: Vector, keys: list[str], split: Split, direction: tuple[int, int]
) -> HeldOutFigures:
    asked, offered = _select_rows(names, split, direction)
    ranks = [rank for row in asked if (rank := _rank_first_positive(names, vectors, keys, int(row), offered))]
    told = f"{LANGUAGES[direction[0]]}→{LANGUAGES[direction[1]]}"
    found = [1 / rank for rank in ranks] or [0.0]
    return HeldOutFigures(
        split.name.lower(), told, fmean(found), fmean(one == 1 for one in found), len(ranks)
    )


def _select_rows(names: Names, split: Split, direction: tuple[int, int]) -> tuple[RowIds, RowIds]:
    occupations = names.sources == Source.OCCUPATION
    asked = np.flatnonzero(occupations & (names.splits == split) & (names.languages == direction[0]))
    offered = occupations & (names.languages == direction[1])
    if split is Split.TRY_NAME and direction[0] == direction[1]:
        offered &= ~np.isin(names.splits, (Split.TRY_NAME, Split.EXCLUDED))
    return np.random.default_rng(SEED).permutation(asked)[:MAX_QUERIES], np.flatnonzero(offered)


def _rank_first_positive(
    names: Names, vectors: Vector, keys: list[str], row: int, candidates: RowIds
) -> int | None:
    """Of the first name of the same thing; None where every one says the name asked for."""
    same = names.concepts[candidates] == names.concepts[row]
    says = np.array([keys[row] in keys[other] for other in candidates[same]], bool)
    right = np.flatnonzero(same)[~says]
    if not len(right):
        return None
    scores = vectors[candidates] @ vectors[row]
    scores[np.flatnonzero(same)[says]] = -np.inf
    return 1 + int((scores > scores[right].max()).sum())
