"""Value types: occupations, skills, and the links from a text to them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Occupation:
    """A trade and its ISCO-08 unit group; several trades may share one group."""

    isco: str  # code of four digits
    label_fr: str
    label_en: str
    uri: str | None = None  # of the ESCO occupation; None for a trade of our own tables

    def label(self, language: str) -> str:
        """Return the English label for "en", else the French one."""
        return self.label_en if language == "en" else self.label_fr


@dataclass(frozen=True, slots=True)
class Skill:
    """Something a person can do; `id` is a short word of our own ("sewing") or the URI of an ESCO skill."""

    id: str
    label_fr: str
    label_en: str

    def label(self, language: str) -> str:
        """Return the English label for "en", else the French one."""
        return self.label_en if language == "en" else self.label_fr


@dataclass(frozen=True, slots=True)
class OccupationLink:
    """An occupation that a text names or means, and how surely: above 0, at most 1."""

    occupation: Occupation
    score: float
    by_meaning: bool = False  # linked by similarity of vectors; none of its phrases is in the text


@dataclass(frozen=True, slots=True)
class SkillLink:
    """A skill that a text names or implies, and how surely: above 0, at most 1."""

    skill: Skill
    score: float


@dataclass(frozen=True, slots=True)
class TextLinks:
    """The occupations and the skills that a text is linked to, surest first."""

    occupations: tuple[OccupationLink, ...] = ()
    skills: tuple[SkillLink, ...] = ()
