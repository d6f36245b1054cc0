"""How long a thing lasts, and the years of experience asked for."""

from __future__ import annotations

import re
from typing import Any

from oim.features.ingestion.values.numbers import number
from oim.features.ingestion.values.text import clean
from oim.kit.text import fold

DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}
UNITS = (
    ("day", r"jours?|days?|d(?![a-z])|j(?![a-z])"),
    ("week", r"semaines?|weeks?|wee|sem"),
    ("month", r"mois|months?|mon"),
    ("year", r"ans?|annees?|an\(s\)|years?|yrs?|ann"),
)
LENGTHS = re.compile(
    r"(\d{1,4}(?:[.,]\d{1,2})?)\)? ?(?:(?:a|to|-|et|ou|or) ?\d{1,4} ?)?(?:"
    + "|".join(rf"(?P<{unit}>{pattern})" for unit, pattern in UNITS)
    + r")(?![a-z])"
)
ISO = re.compile(r"p(?:(\d+)y)?(?:(\d+)m)?(?:(\d+)w)?(?:(\d+)d)?(?:t.*)?$")
BEGINNER = re.compile(
    r"\b(?:debutante?s?|(?:sans|aucune|pas d')\s?experience|no experience|entry[ -]level|beginners?)\b"
)
LONGEST_CAREER = 50  # years


def months(value: Any) -> int | None:
    """Whole months, at least one; a bare number counts months."""
    return _in(value, "month")


def weeks(value: Any) -> int | None:
    """Whole weeks, at least one; a bare number counts weeks."""
    return _in(value, "week")


def experience(value: Any) -> int | None:
    """Whole years asked for, the least of a range, rounded down; 0 where beginners are welcome.

    A bare number counts years; "experience required" alone is None.
    """
    text = fold(clean(value) or "")
    days = _days(text)
    if days is not None:
        years = int(days / DAYS["year"] + 1e-6)
        return years if years <= LONGEST_CAREER else None
    if BEGINNER.search(text):
        return 0
    bare = number(text) if re.fullmatch(r"\d+(?:[.,]\d+)?\+?", text) else None
    return int(bare) if bare is not None and bare <= LONGEST_CAREER else None


def _in(value: Any, unit: str) -> int | None:
    text = fold(clean(value) or "")
    days = _days(text)
    if days is None and re.fullmatch(r"\d+(?:[.,]\d+)?", text):
        days = (number(text) or 0) * DAYS[unit]
    return max(1, round(days / DAYS[unit])) if days and days < 100 * DAYS["year"] else None


def _days(text: str) -> float | None:
    """The first length of a text; of a range, its lower end."""
    if text and (iso := ISO.match(text)):
        years, months_, weeks_, days = (int(part or 0) for part in iso.groups())
        return years * DAYS["year"] + months_ * DAYS["month"] + weeks_ * DAYS["week"] + days or None
    found = LENGTHS.search(text)
    return float(found[1].replace(",", ".")) * DAYS[str(found.lastgroup)] if found else None
