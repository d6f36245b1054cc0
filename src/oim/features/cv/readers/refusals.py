"""Why a file is refused: codes that the child prints and `apart` puts in words."""

from __future__ import annotations

from enum import StrEnum


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
