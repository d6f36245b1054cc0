"""Text as it leaves the child: printable, and never more than a CV needs."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import category

LINES = 1_500
LINE = 600  # characters
WHOLE = 60_000  # characters
ENOUGH = 40  # letters: a scan may still hold page numbers, or the stamp of the program that made it
BULLET = "•"  # for the signs of fonts that only have signs, by which word processors mark items
_WINDOWS = {chr(0x91): "‘", chr(0x92): "’", chr(0x95): BULLET, chr(0x96): "–", chr(0x97): "—"}


def bounded(lines: Iterable[str]) -> list[str]:
    """Lines without what cannot be printed, cut where they become too many. Empty lines stay."""
    kept: list[str] = []
    left = WHOLE
    for line in lines:
        kept.append("".join(map(_printable, line[:LINE])).strip()[:left])
        left -= len(kept[-1])
        if left <= 0 or len(kept) >= LINES:
            break
    return kept


def _printable(letter: str) -> str:
    if letter.isprintable() or letter == "\t":
        return letter
    return BULLET if category(letter) == "Co" else _WINDOWS.get(letter, " ")


def says_something(lines: Iterable[str]) -> bool:
    """Whether there is enough of a text to be worth reading."""
    return sum(letter.isalpha() for line in lines for letter in line) >= ENOUGH
