"""The sectors of the economy in plain words, and which one an offer belongs to.

The table is read once from `sectors.toml`: by sector, ISCO-08 code prefixes and the phrases that mean it.
"""

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
    """A branch of the economy as people call it.

    Narrower than a section of ISIC (the UN classification) where many people work, else wider.
    """

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
    """Return the sector of an offer, or None when nothing gives one away.

    `agr_sector` is what the source calls the sector of a small business; it comes before `occupations`,
    ISCO-08 codes of which the first that has a sector decides.
    """
    sector = _sector_by_words(agr_sector) if agr_sector else None
    return sector or next((match for code in occupations if (match := _sector_by_code(code))), None)


def _sector_by_code(code: str) -> Sector | None:
    """Return the sector of the longest prefix of a code: 3240 (veterinary) is in farming, 32 in health."""
    by_prefix = _load_isco_prefixes()
    return next((by_prefix[code[:end]] for end in range(len(code), 0, -1) if code[:end] in by_prefix), None)


@lru_cache(maxsize=4096)
def _sector_by_words(text: str) -> Sector | None:
    """Return the sector of the first known phrase in a text; of several that begin there, the longest."""
    phrases, longest = _load_phrases()
    words = [_to_singular(word) for word in _WORD.findall(fold(text))]
    # Longest run first: "food crop" is farming, "food" alone is catering.
    runs = (
        tuple(words[start:end])
        for start in range(len(words))
        for end in range(min(start + longest, len(words)), start, -1)
    )
    return next((phrases[run] for run in runs if run in phrases), None)


def _to_singular(word: str) -> str:
    """Strip the plural s or x of French and English from words of four letters or more ("bus" stays)."""
    return word.rstrip("sx") if len(word) > 3 else word


@cache
def _load_table() -> dict[str, Any]:
    """Read the table: by sector, its `isco` prefixes and its `words`."""
    return tomllib.loads(
        (resources.files("oim.features.occupations") / "sectors.toml").read_text(encoding="utf-8")
    )


@cache
def _load_isco_prefixes() -> dict[str, Sector]:
    """Return sectors by ISCO-08 code prefix."""
    return {prefix: Sector(name) for name, row in _load_table().items() for prefix in row["isco"]}


@cache
def _load_phrases() -> tuple[dict[tuple[str, ...], Sector], int]:
    """Return sectors by the words of each phrase, and how many words the longest phrase has."""
    # The table is written in the singular, but words such as "repas" end in s: both sides are stripped alike.
    sectors = {
        tuple(_to_singular(word) for word in _WORD.findall(phrase)): Sector(name)
        for name, row in _load_table().items()
        for phrase in row["words"]
    }
    return sectors, max(map(len, sectors))
