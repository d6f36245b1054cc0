"""The profile by which offers are chosen for a person, and its JSON form."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from oim.features.opportunities import Gender, Kind, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is known about a person. Every field is optional: an incomplete profile must still get offers."""

    text: str = ""  # what they look for and can do, in their own words
    language: str | None = None  # "fr" or "en": language of the answer, not of the text
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
    # In the person's words. An empty tuple states that there are none; None means that nothing was stated.
    memberships: tuple[str, ...] | None = None
    documents: tuple[str, ...] | None = None  # papers they have
    savings: int | None = None  # XAF they could contribute

    @property
    def is_blank(self) -> bool:
        """Whether it says nothing: offers cannot be chosen for anybody in particular."""
        return replace(self, text=self.text.strip(), language=None) == type(self)()


# Validates the JSON of richer records too: keys that matching does not know are ignored.
PROFILE: TypeAdapter[Profile] = TypeAdapter(Profile)
