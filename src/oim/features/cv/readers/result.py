"""Text as it leaves the child: printable, and never more than a CV needs."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from unicodedata import category

MAX_LINES = 1_500
MAX_LINE_LENGTH = 600  # characters
MAX_TEXT_LENGTH = 60_000  # characters
MIN_LETTERS = 40  # letters: a scan may still hold page numbers, or the stamp of the program that made it
BULLET = "•"  # for the signs of fonts that only have signs, by which word processors mark items
_WINDOWS_1252 = {chr(0x91): "‘", chr(0x92): "’", chr(0x95): BULLET, chr(0x96): "–", chr(0x97): "—"}


def limit_lines(lines: Iterable[str]) -> list[str]:
    """Lines without what cannot be printed, cut where they become too many. Empty lines stay."""
    kept: list[str] = []
    left = MAX_TEXT_LENGTH
    for line in lines:
        kept.append("".join(map(_to_printable, line[:MAX_LINE_LENGTH])).strip()[:left])
        left -= len(kept[-1])
        if left <= 0 or len(kept) >= MAX_LINES:
            break
    return kept


def _to_printable(letter: str) -> str:
    if letter.isprintable() or letter == "\t":
        return letter
    return BULLET if category(letter) == "Co" else _WINDOWS_1252.get(letter, " ")


def has_enough_text(lines: Iterable[str]) -> bool:
    """Whether there is enough of a text to be worth reading."""
    return sum(letter.isalpha() for line in lines for letter in line) >= MIN_LETTERS


class Refusal(StrEnum):
    """A cause."""

    EMPTY = "empty"
    SIZE = "size"
    KIND = "kind"
    LOCKED = "locked"
    PROGRAM = "program"
    BOMB = "bomb"
    PAGES = "pages"
    UNREADABLE = "unreadable"
    TIME = "time"
    NO_TEXT = "no_text"
    NO_OCR = "no_ocr"


class RefusedError(Exception):
    """A file is refused."""

    def __init__(self, cause: Refusal) -> None:
        super().__init__(cause.value)
        self.cause = cause
