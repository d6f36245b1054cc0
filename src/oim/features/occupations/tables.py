"""The table of trades, read once from `trades.csv`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from oim.features.occupations.types import Occupation, Skill

UNIT_GROUP_DIGITS = 4  # digits of a unit group
SIMILARITY_BY_SHARED_DIGITS = (0.0, 0.1, 0.4, 0.7, 1.0)  # by how many leading digits two codes share


@dataclass(frozen=True, slots=True)
class Trade:
    """An occupation and every phrase that names it: its labels and what people say instead."""

    occupation: Occupation
    phrases: tuple[str, ...]


@cache
def load_trades() -> tuple[Trade, ...]:
    """Every trade, in the order of the file."""
    with (resources.files("oim.features.occupations") / "trades.csv").open(encoding="utf-8") as lines:
        return tuple(_parse_trade(line) for line in csv.DictReader(lines))


def get(isco: str) -> Occupation | None:
    """The first trade of an ISCO-08 unit group, else the group itself; None for what is no unit group."""
    return _load_occupations_by_code().get(isco) or _unit_group_occupation(isco)


def similarity(a: str, b: str) -> float:
    """How alike two ISCO-08 unit groups are, 0 to 1: the same major group 0.1, the same unit group 1."""
    shared = 0
    while shared < min(len(a), len(b), 4) and a[shared] == b[shared]:
        shared += 1
    return SIMILARITY_BY_SHARED_DIGITS[shared]


def _unit_group_occupation(isco: str) -> Occupation | None:
    group = load_isco_groups().get(isco)
    return (
        Occupation(isco, group.name_fr, group.name_en) if group and len(isco) == UNIT_GROUP_DIGITS else None
    )


@cache
def _load_occupations_by_code() -> dict[str, Occupation]:
    return {trade.occupation.isco: trade.occupation for trade in reversed(load_trades())}


def _parse_trade(line: dict[str, str]) -> Trade:
    occupation = Occupation(line["isco"], line["label_fr"], line["label_en"])
    return Trade(
        occupation, (occupation.label_fr, occupation.label_en, *filter(None, line["aliases"].split("|")))
    )


@dataclass(frozen=True, slots=True)
class IscoGroup:
    """A group of occupations; its code has 1 digit (major), 2, 3 or 4 (unit group)."""

    code: str
    name_fr: str
    name_en: str


@cache
def load_isco_groups() -> dict[str, IscoGroup]:
    """Every group by its code."""
    with (resources.files("oim.features.occupations") / "isco.csv").open(encoding="utf-8") as lines:
        return {line["code"]: IscoGroup(**line) for line in csv.DictReader(lines)}


@dataclass(frozen=True, slots=True)
class SkillEntry:
    """A skill, every phrase that names it (labels and what people say instead), the trades that take it."""

    skill: Skill
    phrases: tuple[str, ...]
    isco_groups: tuple[str, ...]  # unit groups


@cache
def load_skill_entries() -> tuple[SkillEntry, ...]:
    """Every skill, in the order of the file."""
    with (resources.files("oim.features.occupations") / "skills.csv").open(encoding="utf-8") as lines:
        return tuple(_parse_skill_entry(line) for line in csv.DictReader(lines))


@cache
def find_skills_by_isco(isco: str) -> tuple[Skill, ...]:
    """The everyday skills that whoever works in a unit group has."""
    return tuple(ability.skill for ability in load_skill_entries() if isco in ability.isco_groups)


def _parse_skill_entry(line: dict[str, str]) -> SkillEntry:
    skill = Skill(line["id"], line["label_fr"], line["label_en"])
    phrases = (skill.label_fr, skill.label_en, *filter(None, line["aliases"].split("|")))
    return SkillEntry(skill, phrases, tuple(filter(None, line["isco"].split("|"))))
