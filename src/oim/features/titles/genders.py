"""A title written for both genders as the two titles it stands for: « Maçon / Maçonne en pierre »."""

from __future__ import annotations

import re

from oim.kit.text import fold

LONGEST = 200  # characters: more is a document, whose slashes mean something else
_APART = re.compile(r"\s+/\s+")
_JOINED = re.compile(r"\b(\w{4,})/(\w{4,})\b")
ALIKE_JOINED = 4  # letters that words joined by a slash begin with in common: Abogado/Abogada
ALIKE = 2


def genders(text: str) -> tuple[str, ...]:
    """The masculine and the feminine form; the text alone where it does not give two."""
    if len(text) > LONGEST:
        return (text,)
    spaced = _JOINED.sub(_space, text)
    forms = (_chosen(spaced, second=False), _chosen(spaced, second=True))
    return tuple(dict.fromkeys(forms)) if all(forms) and _APART.search(spaced) else (text,)


def _space(found: re.Match[str]) -> str:
    first, second = fold(found[1]), fold(found[2])
    return f"{found[1]} / {found[2]}" if first[:ALIKE_JOINED] == second[:ALIKE_JOINED] else found[0]


def _chosen(text: str, *, second: bool) -> str:
    """The text with one form kept at each slash."""
    while (parts := _APART.split(text, maxsplit=1))[1:]:
        left, right = parts[0].split(), parts[1].split()
        shared = _pairs(left, right)
        text = " ".join(left[: len(left) - shared] + right if second else left + right[shared:])
    return text


def _pairs(left: list[str], right: list[str]) -> int:
    """How many words before the slash are said again after it."""
    most = min(len(left), len(right))
    for count in range(most, 0, -1):
        if all(_alike(a, b) for a, b in zip(left[-count:], right, strict=False)):
            return count
    return min(most, 1)


def _alike(one: str, other: str) -> bool:
    return fold(one)[:ALIKE] == fold(other)[:ALIKE]
