"""The table of everyday skills, read once from `skills.csv`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from oim.features.occupations.types import Skill


@dataclass(frozen=True, slots=True)
class Ability:
    """A skill, every phrase that names it (labels and what people say instead), the trades that take it."""

    skill: Skill
    phrases: tuple[str, ...]
    isco: tuple[str, ...]  # unit groups


@cache
def abilities() -> tuple[Ability, ...]:
    """Every skill, in the order of the file."""
    with (resources.files("oim.features.occupations") / "skills.csv").open(encoding="utf-8") as lines:
        return tuple(_ability(line) for line in csv.DictReader(lines))


@cache
def taken_by(isco: str) -> tuple[Skill, ...]:
    """The everyday skills that whoever works in a unit group has."""
    return tuple(ability.skill for ability in abilities() if isco in ability.isco)


def _ability(line: dict[str, str]) -> Ability:
    skill = Skill(line["id"], line["label_fr"], line["label_en"])
    phrases = (skill.label_fr, skill.label_en, *filter(None, line["aliases"].split("|")))
    return Ability(skill, phrases, tuple(filter(None, line["isco"].split("|"))))
