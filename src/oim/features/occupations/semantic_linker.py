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

from oim.features.occupations.tables import UNIT_GROUP_DIGITS, get, load_trades
from oim.features.occupations.tables import load_isco_groups as isco_groups
from oim.features.occupations.types import Occupation, OccupationLink
from oim.features.titles import Adapter, Vector, normalise_title

# Chosen on half of the sentences of tests/unit/features/occupations/meant.tsv; the other half tells.
MIN_SIMILARITY = 0.60  # likeness to the nearest name, at least
MIN_MARGIN_OVER_NO_TRADE = 0.20  # more than to the nearest phrase that names no trade
MIN_MARGIN_OVER_OTHER_TRADE = 0.05  # more than to the nearest name of another unit group


@dataclass(frozen=True, slots=True)
class TradeName:
    """A phrase and the occupation it names; None: whoever says it names none."""

    text: str
    occupation: Occupation | None


@cache
def load_trade_names() -> tuple[TradeName, ...]:
    """Every name of our trades and of the ISCO-08 unit groups, and the phrases that name no trade."""
    return tuple({(name.text, name.occupation): name for name in _list_trade_names()}.values())


def _list_trade_names() -> Iterator[TradeName]:
    for trade in load_trades():
        yield from (TradeName(normalise_title(phrase), trade.occupation) for phrase in trade.phrases)
    for group in isco_groups().values():
        if len(group.code) == UNIT_GROUP_DIGITS:
            yield from (
                TradeName(normalise_title(name), get(group.code)) for name in (group.name_fr, group.name_en)
            )
    lines = (resources.files("oim.features.occupations") / "tradeless.txt").read_text(encoding="utf-8")
    yield from (TradeName(normalise_title(line), None) for line in lines.splitlines())


@dataclass(frozen=True, slots=True)
class SemanticLinker:
    """Names as vectors of the adapter, one row a name, and the number of each one's unit group, from 1.

    Group 0 is of the phrases that name no trade; there are two others or more.
    """

    adapter: Adapter
    names: Sequence[TradeName]
    vectors: Vector
    group_numbers: npt.NDArray[np.intp]

    def link(self, words: str, embedding: Vector) -> OccupationLink | None:
        """The occupation that a text means, from its telling words and the embedder's vector of the whole."""
        likeness = self.vectors @ self.adapter.encode([normalise_title(words)], embedding[None, :])[0]
        nearest = np.full(self.group_numbers.max() + 1, -1.0, np.float32)
        np.maximum.at(nearest, self.group_numbers, likeness)
        second, first = np.sort(nearest[1:])[-2:]
        if (
            first < MIN_SIMILARITY
            or first - second < MIN_MARGIN_OVER_OTHER_TRADE
            or first - nearest[0] < MIN_MARGIN_OVER_NO_TRADE
        ):
            return None
        meant = self.names[int(np.where(self.group_numbers > 0, likeness, -1.0).argmax())].occupation
        return OccupationLink(meant, round(min(float(first), 1.0), 4), by_meaning=True) if meant else None


def build_semantic_linker(adapter: Adapter, names: Sequence[TradeName], embeddings: Vector) -> SemanticLinker:
    """From the embedder's vectors of names as queries, in their order."""
    numbers = {"": 0}
    codes = [name.occupation.isco if name.occupation else "" for name in names]
    groups = np.array([numbers.setdefault(code, len(numbers)) for code in codes], np.intp)
    return SemanticLinker(adapter, names, adapter.encode([name.text for name in names], embeddings), groups)
