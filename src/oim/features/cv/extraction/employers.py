"""What looks like the name of an employer."""

from __future__ import annotations

from functools import cache

from babel import Locale

from oim.features import places
from oim.features.cv.extraction.job_titles import has_company_word, score_job_title
from oim.features.cv.extraction.sections import parse_heading
from oim.kit.text import fold

MAX_EMPLOYER_WORDS = 9


def can_be_employer(words: str) -> bool:
    """Whether words may name an employer: neither a job, nor only a place, nor part of a sentence."""
    if not words or len(words.split()) > MAX_EMPLOYER_WORDS or parse_heading(words):
        return False
    if has_company_word(words):
        return True
    named = any(letter.isupper() or letter.isdigit() for letter in words.split(maxsplit=1)[0])
    return named and not score_job_title(words) and not _is_place_name(words)


def _is_place_name(words: str) -> bool:
    said = fold(words)
    return said in _load_country_names() or (len(words.split()) <= 2 and places.find(words) is not None)


@cache
def _load_country_names() -> frozenset[str]:
    named = (Locale(language).territories.values() for language in ("fr", "en"))
    return frozenset(fold(name) for names in named for name in names)
