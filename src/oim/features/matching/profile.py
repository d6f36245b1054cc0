"""Who asks: what is known of a person, all of it optional."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import TypeAdapter

from oim.features.opportunities import Gender, Kind, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is known of a person. Everything is optional: a half-known profile must work."""

    text: str = ""  # what they look for and can do, in their own words
    language: str | None = None  # "fr" or "en": of the answer, not of the text
    birth_year: int | None = None
    gender: Gender | None = None
    statuses: tuple[Status, ...] = ()
    region: str | None = None
    department: str | None = None
    commune: str | None = None
    education: int | None = None  # ISCED 2011 level, 0 to 8
    occupations: tuple[str, ...] = ()  # ISCO-08 codes
    experience_years: int | None = None
    kinds: tuple[Kind, ...] = ()  # kinds they look for; none means any
    memberships: tuple[str, ...] | None = None  # in words; () says: of nothing. None: not told
    documents: tuple[str, ...] | None = None  # papers they hold, in words; None: not told
    savings: int | None = None  # XAF they could put in


PROFILE: TypeAdapter[Profile] = TypeAdapter(Profile)
