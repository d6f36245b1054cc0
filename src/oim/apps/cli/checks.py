"""A check of one service, and its result, as `oim doctor` makes and prints them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from oim.kit.settings import Settings


@dataclass(frozen=True, slots=True)
class Check:
    """One service to check: its name, a probe, and what to do when the probe fails."""

    name: str
    probe: Callable[[Settings], str]  # returns a description of what it found, or raises
    remedy: str


@dataclass(frozen=True, slots=True)
class Result:
    """What one check found, or why it failed and what to do then."""

    name: str
    passed: bool
    finding: str
    remedy: str | None = None

    def __str__(self) -> str:
        """Describe the result in one line."""
        return f"{'✓' if self.passed else '✗'} {self.name} — {self.finding}" + (
            f" → {self.remedy}" if self.remedy else ""
        )
