"""A title written for both genders as the two titles it stands for: « Maçon / Maçonne en pierre »."""

from __future__ import annotations

import re

from oim.kit.text import fold

MAX_TITLE_LENGTH = 200  # characters: more is a document, whose slashes mean something else
_SPACED_SLASH = re.compile(r"\s+/\s+")
_JOINED_SLASH = re.compile(r"\b(\w{4,})/(\w{4,})\b")
JOINED_PREFIX_LENGTH = 4  # letters that words joined by a slash begin with in common: Abogado/Abogada
PREFIX_LENGTH = 2


def split_genders(text: str) -> tuple[str, ...]:
    """The masculine and the feminine form; the text alone where it does not give two."""
    if len(text) > MAX_TITLE_LENGTH:
        return (text,)
    spaced = _JOINED_SLASH.sub(_space_slash, text)
    forms = (_keep_form(spaced, second=False), _keep_form(spaced, second=True))
    return tuple(dict.fromkeys(forms)) if all(forms) and _SPACED_SLASH.search(spaced) else (text,)


def _space_slash(match: re.Match[str]) -> str:
    first, second = fold(match[1]), fold(match[2])
    return (
        f"{match[1]} / {match[2]}"
        if first[:JOINED_PREFIX_LENGTH] == second[:JOINED_PREFIX_LENGTH]
        else match[0]
    )


def _keep_form(text: str, *, second: bool) -> str:
    """The text with one form kept at each slash."""
    while (parts := _SPACED_SLASH.split(text, maxsplit=1))[1:]:
        left, right = parts[0].split(), parts[1].split()
        shared = _count_repeated_words(left, right)
        text = " ".join(left[: len(left) - shared] + right if second else left + right[shared:])
    return text


def _count_repeated_words(left: list[str], right: list[str]) -> int:
    """How many words before the slash are said again after it."""
    most = min(len(left), len(right))
    for count in range(most, 0, -1):
        if all(_has_same_prefix(a, b) for a, b in zip(left[-count:], right, strict=False)):
            return count
    return min(most, 1)


def _has_same_prefix(word: str, other: str) -> bool:
    return fold(word)[:PREFIX_LENGTH] == fold(other)[:PREFIX_LENGTH]
