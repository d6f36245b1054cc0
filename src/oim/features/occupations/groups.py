"""The groups of ISCO-08, all 619 of them, with French and English names, read once from `isco.csv`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources


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
