"""Plain values of occupations and skills."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Occupation:
    """A trade and its ISCO-08 unit group (four digits); several trades may share one."""

    isco: str
    label_fr: str
    label_en: str
    uri: str | None = None  # of ESCO, for an occupation that is ESCO's

    def label(self, language: str) -> str:
        """Its English label for "en", else its French one."""
        return self.label_en if language == "en" else self.label_fr


@dataclass(frozen=True, slots=True)
class Skill:
    """Something a person can do; `id` is a word of ours, or the URI of an ESCO skill."""

    id: str
    label_fr: str
    label_en: str

    def label(self, language: str) -> str:
        """Its English label for "en", else its French one."""
        return self.label_en if language == "en" else self.label_fr


@dataclass(frozen=True, slots=True)
class OccupationLink:
    """An occupation that a text names, and how surely: above 0, at most 1."""

    occupation: Occupation
    score: float
    by_meaning: bool = False  # by likeness of meaning: its words do not name it


@dataclass(frozen=True, slots=True)
class SkillLink:
    """A skill that a text names, and how surely: above 0, at most 1."""

    skill: Skill
    score: float


@dataclass(frozen=True, slots=True)
class TextLinks:
    """What a text names, surest first."""

    occupations: tuple[OccupationLink, ...] = ()
    skills: tuple[SkillLink, ...] = ()
