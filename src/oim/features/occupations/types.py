"""Plain values of occupations."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Occupation:
    """A trade and its ISCO-08 unit group (four digits); several trades may share one."""

    isco: str
    label_fr: str
    label_en: str

    def label(self, language: str) -> str:
        """Its English label for "en", else its French one."""
        return self.label_en if language == "en" else self.label_fr


@dataclass(frozen=True, slots=True)
class Link:
    """An occupation that a text names, and how surely: above 0, at most 1."""

    occupation: Occupation
    score: float
