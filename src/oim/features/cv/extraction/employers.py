"""What looks like the name of an employer."""

from __future__ import annotations

from functools import cache

from babel import Locale

from oim.features import places
from oim.features.cv.extraction.job_titles import is_company, score
from oim.features.cv.extraction.sections import heading
from oim.kit.text import fold

WORDS = 9


def may_employ(words: str) -> bool:
    """Whether words may name an employer: neither a job, nor only a place, nor part of a sentence."""
    if not words or len(words.split()) > WORDS or heading(words):
        return False
    if is_company(words):
        return True
    named = any(letter.isupper() or letter.isdigit() for letter in words.split(maxsplit=1)[0])
    return named and not score(words) and not _is_place(words)


def _is_place(words: str) -> bool:
    said = fold(words)
    return said in _countries() or (len(words.split()) <= 2 and places.find(words) is not None)


@cache
def _countries() -> frozenset[str]:
    named = (Locale(language).territories.values() for language in ("fr", "en"))
    return frozenset(fold(name) for names in named for name in names)
