"""The table of everyday skills, read once from `skills.csv`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from oim.features.occupations.types import Skill


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
