"""Sectors in plain words, and which one an offer belongs to. Read once from `sectors.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from enum import StrEnum
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from oim.kit.text import fold

_WORD = re.compile(r"[a-z0-9]+")


class Sector(StrEnum):
    """What people call the branch of a trade; narrower than a section of ISIC where many work, else wider."""

    AGRICULTURE_LIVESTOCK = "agriculture_livestock"
    FOOD_HOSPITALITY = "food_hospitality"
    TRADE = "trade"
    CRAFTS_REPAIR = "crafts_repair"
    BUILDING = "building"
    TRANSPORT = "transport"
    SECURITY_CLEANING_HOME = "security_cleaning_home"
    HEALTH_CARE = "health_care"
    EDUCATION = "education"
    OFFICE_ADMIN = "office_admin"
    COMPUTING = "computing"
    INDUSTRY_ENERGY = "industry_energy"
    SOCIAL_NGO = "social_ngo"
    ARTS_MEDIA_SPORT = "arts_media_sport"


def sector_of(occupations: Sequence[str], agr_sector: str | None = None) -> Sector | None:
    """The sector of an offer by what its source says of a small business, else by its first ISCO-08 code.

    None where neither tells.
    """
    told = _sector_by_words(agr_sector) if agr_sector else None
    return told or next((found for code in occupations if (found := _sector_by_code(code))), None)


def _sector_by_code(code: str) -> Sector | None:
    """The sector of the longest prefix."""
    by_prefix = _load_isco_prefixes()
    return next((by_prefix[code[:end]] for end in range(len(code), 0, -1) if code[:end] in by_prefix), None)


@lru_cache(maxsize=4096)
def _sector_by_words(text: str) -> Sector | None:
    """The sector of the first phrase that is known, of several that begin there the longest."""
    phrases, longest = _load_phrases()
    words = [_to_singular(word) for word in _WORD.findall(fold(text))]
    runs = (
        tuple(words[start:end])
        for start in range(len(words))
        for end in range(min(start + longest, len(words)), start, -1)
    )
    return next((phrases[run] for run in runs if run in phrases), None)


def _to_singular(word: str) -> str:
    return word.rstrip("sx") if len(word) > 3 else word


@cache
def _load_table() -> dict[str, Any]:
    return tomllib.loads(
        (resources.files("oim.features.occupations") / "sectors.toml").read_text(encoding="utf-8")
    )


@cache
def _load_isco_prefixes() -> dict[str, Sector]:
    return {prefix: Sector(name) for name, row in _load_table().items() for prefix in row["isco"]}


@cache
def _load_phrases() -> tuple[dict[tuple[str, ...], Sector], int]:
    """Sectors by the words of each phrase, and how many words the longest phrase has."""
    found = {
        tuple(_to_singular(word) for word in _WORD.findall(phrase)): Sector(name)
        for name, row in _load_table().items()
        for phrase in row["words"]
    }
    return found, max(map(len, found))
