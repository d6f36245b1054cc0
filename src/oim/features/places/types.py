"""Plain values of places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["region", "department", "commune"]


@dataclass(frozen=True, slots=True)
class Place:
    """A region, department or commune. Its code begins with the code of what it lies in.

    Coordinates are those of its chief town, in degrees (WGS 84); a commune whose own are not known has its
    department's.
    """

    code: str  # CM-OU, CM-OU-03, CM-OU-0307
    level: Level
    parent: str | None
    name_fr: str
    name_en: str
    latitude: float
    longitude: float

    def name(self, language: str) -> str:
        """Its English name for "en", else its French one."""
        return self.name_en if language == "en" else self.name_fr
