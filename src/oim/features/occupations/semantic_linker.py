"""Which trade a text means in words that are no name of it: the one whose names are nearest, by the adapter.

A wrong trade wastes a bus fare: rather none than one that is barely near, that another is nearly as near to,
or that is hardly nearer than phrases of `tradeless.txt`, which people say whatever their trade.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from oim.features.occupations.groups import groups as isco_groups
from oim.features.occupations.tables import UNIT, get, trades
from oim.features.occupations.types import Link, Occupation
from oim.features.titles import Adapter, Vector, plain

# Chosen on half of the sentences of tests/unit/features/occupations/meant.tsv; the other half tells.
ALIKE = 0.60  # likeness to the nearest name, at least
BEYOND = 0.20  # more than to the nearest phrase that names no trade
APART = 0.05  # more than to the nearest name of another unit group


@dataclass(frozen=True, slots=True)
class Name:
    """A phrase and the occupation it names; None: whoever says it names none."""

    text: str
    occupation: Occupation | None


@cache
def names() -> tuple[Name, ...]:
    """Every name of our trades and of the ISCO-08 unit groups, and the phrases that name no trade."""
    return tuple({(name.text, name.occupation): name for name in _names()}.values())


def _names() -> Iterator[Name]:
    for trade in trades():
        yield from (Name(plain(phrase), trade.occupation) for phrase in trade.phrases)
    for group in isco_groups().values():
        if len(group.code) == UNIT:
            yield from (Name(plain(name), get(group.code)) for name in (group.name_fr, group.name_en))
    lines = (resources.files("oim.features.occupations") / "tradeless.txt").read_text(encoding="utf-8")
    yield from (Name(plain(line), None) for line in lines.splitlines())


@dataclass(frozen=True, slots=True)
class Meanings:
    """Names as vectors of the adapter, one row a name, and the number of each one's unit group, from 1.

    Group 0 is of the phrases that name no trade; there are two others or more.
    """

    adapter: Adapter
    names: Sequence[Name]
    vectors: Vector
    groups: npt.NDArray[np.intp]

    def link(self, words: str, embedding: Vector) -> Link | None:
        """The occupation that a text means, from its telling words and the embedder's vector of the whole."""
        likeness = self.vectors @ self.adapter.encode([plain(words)], embedding[None, :])[0]
        nearest = np.full(self.groups.max() + 1, -1.0, np.float32)
        np.maximum.at(nearest, self.groups, likeness)
        second, first = np.sort(nearest[1:])[-2:]
        if first < ALIKE or first - second < APART or first - nearest[0] < BEYOND:
            return None
        meant = self.names[int(np.where(self.groups > 0, likeness, -1.0).argmax())].occupation
        return Link(meant, round(min(float(first), 1.0), 4), meant=True) if meant else None


def meanings(adapter: Adapter, told: Sequence[Name], embeddings: Vector) -> Meanings:
    """From the embedder's vectors of names as queries, in their order."""
    numbers = {"": 0}
    codes = [name.occupation.isco if name.occupation else "" for name in told]
    groups = np.array([numbers.setdefault(code, len(numbers)) for code in codes], np.intp)
    return Meanings(adapter, told, adapter.encode([name.text for name in told], embeddings), groups)
