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
from oim.features.titles.training.names import LANGUAGES, Names, Part, Source, key

MOST = 400  # names tried of each kind and direction
SEED = 1
DIRECTIONS = ((0, 0), (0, 1), (1, 1))  # numbers of the language asked in and of the one answered in
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one kind of names and one direction: mean reciprocal rank and share found first."""

    tried: str
    direction: str
    mrr: float
    success: float
    count: int


def held_out(names: Names, vectors: Vector) -> list[Figures]:
    """The figures of vectors, one row a name, whose products are likeness."""
    keys = [key(text) for text in names.texts]
    return [
        _figures(names, vectors, keys, part, direction)
        for part in (Part.TRY_NAME, Part.TRY_THING)
        for direction in DIRECTIONS
    ]


def _figures(
    names: Names, vectors: Vector, keys: list[str], part: Part, direction: tuple[int, int]
) -> Figures:
    asked, offered = _rows(names, part, direction)
    ranks = [rank for row in asked if (rank := _rank(names, vectors, keys, int(row), offered))]
    told = f"{LANGUAGES[direction[0]]}→{LANGUAGES[direction[1]]}"
    found = [1 / rank for rank in ranks] or [0.0]
    return Figures(part.name.lower(), told, fmean(found), fmean(one == 1 for one in found), len(ranks))


def _rows(names: Names, part: Part, direction: tuple[int, int]) -> tuple[Rows, Rows]:
    occupations = names.sources == Source.OCCUPATION
    asked = np.flatnonzero(occupations & (names.parts == part) & (names.languages == direction[0]))
    offered = occupations & (names.languages == direction[1])
    if part is Part.TRY_NAME and direction[0] == direction[1]:
        offered &= ~np.isin(names.parts, (Part.TRY_NAME, Part.ASIDE))
    return np.random.default_rng(SEED).permutation(asked)[:MOST], np.flatnonzero(offered)


def _rank(names: Names, vectors: Vector, keys: list[str], row: int, offered: Rows) -> int | None:
    """Of the first name of the same thing; None where every one says the name asked for."""
    same = names.things[offered] == names.things[row]
    says = np.array([keys[row] in keys[other] for other in offered[same]], bool)
    right = np.flatnonzero(same)[~says]
    if not len(right):
        return None
    scores = vectors[offered] @ vectors[row]
    scores[np.flatnonzero(same)[says]] = -np.inf
    return 1 + int((scores > scores[right].max()).sum())
