"""Our own tables, each read once from its CSV file: trades, all 619 ISCO-08 groups, and everyday skills."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from oim.features.occupations.types import Occupation, Skill

UNIT_GROUP_DIGITS = 4  # digits in the code of an ISCO-08 unit group
# By the number of leading digits that two codes share: each digit is a level of ISCO-08, from the major group
# to the unit group.
SIMILARITY_BY_SHARED_DIGITS = (0.0, 0.1, 0.4, 0.7, 1.0)


@dataclass(frozen=True, slots=True)
class Trade:
    """An occupation and every phrase that names it: its labels and the words people use instead."""

    occupation: Occupation
    phrases: tuple[str, ...]


@cache
def load_trades() -> tuple[Trade, ...]:
    """Return every trade, in the order of the file."""
    with (resources.files("oim.features.occupations") / "trades.csv").open(encoding="utf-8") as lines:
        return tuple(_parse_trade(line) for line in csv.DictReader(lines))


def get(isco: str) -> Occupation | None:
    """Return the first trade of an ISCO-08 unit group, or the group itself when it has no trade.

    Returns None for a code that is no unit group.
    """
    return _load_occupations_by_code().get(isco) or _unit_group_occupation(isco)


def similarity(a: str, b: str) -> float:
    """Return how similar two ISCO-08 unit groups are, from 0 to 1: 0.1 in one major group, 1 when equal."""
    shared = 0
    while shared < min(len(a), len(b), 4) and a[shared] == b[shared]:
        shared += 1
    return SIMILARITY_BY_SHARED_DIGITS[shared]


def _unit_group_occupation(isco: str) -> Occupation | None:
    """Return a unit group as an occupation under the group's own names, or None for any other code."""
    group = load_isco_groups().get(isco)
    return (
        Occupation(isco, group.name_fr, group.name_en) if group and len(isco) == UNIT_GROUP_DIGITS else None
    )


@cache
def _load_occupations_by_code() -> dict[str, Occupation]:
    """Return the first trade of every unit group that has one."""
    # Reversed, so that the first trade of a code is the last one written to the dictionary.
    return {trade.occupation.isco: trade.occupation for trade in reversed(load_trades())}


def _parse_trade(line: dict[str, str]) -> Trade:
    """Make a trade of a line of `trades.csv`; a bar separates the aliases."""
    occupation = Occupation(line["isco"], line["label_fr"], line["label_en"])
    return Trade(
        occupation, (occupation.label_fr, occupation.label_en, *filter(None, line["aliases"].split("|")))
    )


@dataclass(frozen=True, slots=True)
class IscoGroup:
    """An ISCO-08 group of occupations; its code has from 1 digit (a major group) to 4 (a unit group)."""

    code: str
    name_fr: str
    name_en: str


@cache
def load_isco_groups() -> dict[str, IscoGroup]:
    """Return every ISCO-08 group by its code."""
    with (resources.files("oim.features.occupations") / "isco.csv").open(encoding="utf-8") as lines:
        return {line["code"]: IscoGroup(**line) for line in csv.DictReader(lines)}


@dataclass(frozen=True, slots=True)
class SkillEntry:
    """A skill, every phrase that names it (its labels and the words people use), the trades that need it."""

    skill: Skill
    phrases: tuple[str, ...]
    isco_groups: tuple[str, ...]  # codes of unit groups


@cache
def load_skill_entries() -> tuple[SkillEntry, ...]:
    """Return every skill, in the order of the file."""
    with (resources.files("oim.features.occupations") / "skills.csv").open(encoding="utf-8") as lines:
        return tuple(_parse_skill_entry(line) for line in csv.DictReader(lines))


@cache
def find_skills_by_isco(isco: str) -> tuple[Skill, ...]:
    """Return the everyday skills that a person has who works in a unit group."""
    return tuple(entry.skill for entry in load_skill_entries() if isco in entry.isco_groups)


def _parse_skill_entry(line: dict[str, str]) -> SkillEntry:
    """Make a skill of a line of `skills.csv`; bars separate the aliases and the unit groups."""
    skill = Skill(line["id"], line["label_fr"], line["label_en"])
    phrases = (skill.label_fr, skill.label_en, *filter(None, line["aliases"].split("|")))
    return SkillEntry(skill, phrases, tuple(filter(None, line["isco"].split("|"))))
