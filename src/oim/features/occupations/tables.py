"""The table of trades, read once from `trades.csv`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from oim.features.occupations.groups import groups
from oim.features.occupations.types import Occupation

UNIT = 4  # digits of a unit group
SIMILARITY = (0.0, 0.1, 0.4, 0.7, 1.0)  # by how many leading digits two codes share


@dataclass(frozen=True, slots=True)
class Trade:
    """An occupation and every phrase that names it: its labels and what people say instead."""

    occupation: Occupation
    phrases: tuple[str, ...]


@cache
def trades() -> tuple[Trade, ...]:
    """Every trade, in the order of the file."""
    with (resources.files("oim.features.occupations") / "trades.csv").open(encoding="utf-8") as lines:
        return tuple(_trade(line) for line in csv.DictReader(lines))


def get(isco: str) -> Occupation | None:
    """The first trade of an ISCO-08 unit group, else the group itself; None for what is no unit group."""
    return _by_code().get(isco) or _group(isco)


def similarity(a: str, b: str) -> float:
    """How alike two ISCO-08 unit groups are, 0 to 1: the same major group 0.1, the same unit group 1."""
    shared = 0
    while shared < min(len(a), len(b), 4) and a[shared] == b[shared]:
        shared += 1
    return SIMILARITY[shared]


def _group(isco: str) -> Occupation | None:
    group = groups().get(isco)
    return Occupation(isco, group.name_fr, group.name_en) if group and len(isco) == UNIT else None


@cache
def _by_code() -> dict[str, Occupation]:
    return {trade.occupation.isco: trade.occupation for trade in reversed(trades())}


def _trade(line: dict[str, str]) -> Trade:
    occupation = Occupation(line["isco"], line["label_fr"], line["label_en"])
    return Trade(
        occupation, (occupation.label_fr, occupation.label_en, *filter(None, line["aliases"].split("|")))
    )
