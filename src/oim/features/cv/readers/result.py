"""What leaves the child process: printable text, no longer than a CV needs, or the cause of a refusal."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from unicodedata import category

from oim.features.cv.readers.limits import MAX_LINE_LENGTH, MAX_LINES, MAX_TEXT_LENGTH

MIN_LETTERS = 40  # letters: a scan may still hold page numbers, or the stamp of the program that made it
# Stands for the characters of symbol fonts (Wingdings) by which word processors mark the items of a list.
BULLET = "•"
# Control characters that are Windows-1252 punctuation, decoded as Latin-1 by the program that wrote the file.
_WINDOWS_1252 = {chr(0x91): "‘", chr(0x92): "’", chr(0x95): BULLET, chr(0x96): "–", chr(0x97): "—"}


def limit_lines(lines: Iterable[str]) -> list[str]:
    """Make lines printable, and cut them where they become too long or too many. Empty lines stay."""
    limited: list[str] = []
    remaining = MAX_TEXT_LENGTH
    for line in lines:
        limited.append("".join(map(_to_printable, line[:MAX_LINE_LENGTH])).strip()[:remaining])
        remaining -= len(limited[-1])
        if remaining <= 0 or len(limited) >= MAX_LINES:
            break
    return limited


def _to_printable(letter: str) -> str:
    """Replace a character that cannot be printed: by a bullet, by punctuation or by a space."""
    if letter.isprintable() or letter == "\t":
        return letter
    # "Co" is the category of private use, where symbol fonts have their signs.
    return BULLET if category(letter) == "Co" else _WINDOWS_1252.get(letter, " ")


def has_enough_text(lines: Iterable[str]) -> bool:
    """Whether a text has enough letters to be worth reading; if not, a PDF is taken for a scan."""
    return sum(letter.isalpha() for line in lines for letter in line) >= MIN_LETTERS


class Refusal(StrEnum):
    """Why a file is refused: the codes that the child prints, and `oim.features.cv.errors` words."""

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
    """A file is refused, for a cause."""

    def __init__(self, cause: Refusal) -> None:
        super().__init__(cause.value)
        self.cause = cause
