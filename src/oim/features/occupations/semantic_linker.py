"""Link a text to the trade it means without naming it: "I sew clothes" means a tailor.

The trade whose names have the most similar vectors is linked, by the adapter of `titles`. A wrong trade costs
a person a bus fare, so none is linked when the similarity is low, when another trade is nearly as similar, or
when a phrase of `tradeless.txt`, which people of any trade say, is nearly as similar.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from oim.features.occupations.tables import UNIT_GROUP_DIGITS, get, load_isco_groups, load_trades
from oim.features.occupations.types import Occupation, OccupationLink
from oim.features.titles import Adapter, Vector, normalise_title

# Cosines, chosen on half of the sentences of tests/unit/features/occupations/meant.tsv; the other half tests.
MIN_SIMILARITY = 0.60  # to the nearest name
MIN_MARGIN_OVER_NO_TRADE = 0.20  # over the similarity to the nearest phrase that names no trade
MIN_MARGIN_OVER_OTHER_TRADE = 0.05  # over the similarity to the nearest name of another unit group


@dataclass(frozen=True, slots=True)
class TradeName:
    """A phrase and the occupation it names; None for a phrase that names no trade."""

    text: str
    occupation: Occupation | None


@cache
def load_trade_names() -> tuple[TradeName, ...]:
    """Return every name of our trades and of the ISCO-08 unit groups, and the phrases that name no trade."""
    # A dictionary drops names listed twice and keeps their order: stored vectors are matched row by row.
    return tuple({(name.text, name.occupation): name for name in _list_trade_names()}.values())


def _list_trade_names() -> Iterator[TradeName]:
    """Yield names of trades, of unit groups and of no trade, some of them twice."""
    for trade in load_trades():
        yield from (TradeName(normalise_title(phrase), trade.occupation) for phrase in trade.phrases)
    for group in load_isco_groups().values():
        if len(group.code) == UNIT_GROUP_DIGITS:
            yield from (
                TradeName(normalise_title(name), get(group.code)) for name in (group.name_fr, group.name_en)
            )
    lines = (resources.files("oim.features.occupations") / "tradeless.txt").read_text(encoding="utf-8")
    yield from (TradeName(normalise_title(line), None) for line in lines.splitlines())


@dataclass(frozen=True, slots=True)
class SemanticLinker:
    """Names of trades with their vectors, ready for linking; `build_semantic_linker` makes one.

    `vectors` has one unit row for each of `names`, and `group_numbers` the number of its unit group: from 1,
    while 0 stands for phrases that name no trade. There must be two unit groups or more.
    """

    adapter: Adapter
    names: Sequence[TradeName]
    vectors: Vector
    group_numbers: npt.NDArray[np.intp]

    def link(self, words: str, embedding: Vector) -> OccupationLink | None:
        """Return the occupation that a text means, or None when that is doubtful.

        `words` are the words of the text that carry meaning, `embedding` the embedder's vector of all of it.
        """
        similarities = self.vectors @ self.adapter.encode([normalise_title(words)], embedding[None, :])[0]
        # The best similarity of each group. `maximum.at` counts every name; an assignment by index would keep
        # only the last name of a group.
        nearest = np.full(self.group_numbers.max() + 1, -1.0, np.float32)
        np.maximum.at(nearest, self.group_numbers, similarities)
        second, first = np.sort(nearest[1:])[-2:]
        if (
            first < MIN_SIMILARITY
            or first - second < MIN_MARGIN_OVER_OTHER_TRADE
            or first - nearest[0] < MIN_MARGIN_OVER_NO_TRADE
        ):
            return None
        row = int(np.where(self.group_numbers > 0, similarities, -1.0).argmax())
        occupation = self.names[row].occupation
        # Rounding errors can lift a cosine above 1.
        score = round(min(float(first), 1.0), 4)
        return OccupationLink(occupation, score, by_meaning=True) if occupation else None


def build_semantic_linker(adapter: Adapter, names: Sequence[TradeName], embeddings: Vector) -> SemanticLinker:
    """Build a linker from names and the embedder's vectors of them as queries, in the same order."""
    numbers = {"": 0}  # of unit groups, in the order of their first name; 0 is of no trade
    codes = [name.occupation.isco if name.occupation else "" for name in names]
    groups = np.array([numbers.setdefault(code, len(numbers)) for code in codes], np.intp)
    return SemanticLinker(adapter, names, adapter.encode([name.text for name in names], embeddings), groups)
