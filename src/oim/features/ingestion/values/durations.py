"""How long a thing lasts, and the years of experience asked for."""

from __future__ import annotations

import re
from typing import Any

from oim.features.ingestion.values.numbers import parse_number
from oim.features.ingestion.values.text import clean
from oim.kit.text import fold

DAYS_PER_UNIT = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}
UNIT_PATTERNS = (
    ("day", r"jours?|days?|d(?![a-z])|j(?![a-z])"),
    ("week", r"semaines?|weeks?|wee|sem"),
    ("month", r"mois|months?|mon"),
    ("year", r"ans?|annees?|an\(s\)|years?|yrs?|ann"),
)
DURATION = re.compile(
    r"(\d{1,4}(?:[.,]\d{1,2})?)\)? ?(?:(?:a|to|-|et|ou|or) ?\d{1,4} ?)?(?:"
    + "|".join(rf"(?P<{unit}>{pattern})" for unit, pattern in UNIT_PATTERNS)
    + r")(?![a-z])"
)
ISO_DURATION = re.compile(r"p(?:(\d+)y)?(?:(\d+)m)?(?:(\d+)w)?(?:(\d+)d)?(?:t.*)?$")
BEGINNER = re.compile(
    r"\b(?:debutante?s?|(?:sans|aucune|pas d')\s?experience|no experience|entry[ -]level|beginners?)\b"
)
MAX_EXPERIENCE_YEARS = 50  # years


def parse_months(value: Any) -> int | None:
    """Whole months, at least one; a bare number counts months."""
    return _parse_in_unit(value, "month")


def parse_weeks(value: Any) -> int | None:
    """Whole weeks, at least one; a bare number counts weeks."""
    return _parse_in_unit(value, "week")


def parse_experience_years(value: Any) -> int | None:
    """Whole years asked for, the least of a range, rounded down; 0 where beginners are welcome.

    A bare number counts years; "experience required" alone is None.
    """
    text = fold(clean(value) or "")
    days = _find_days(text)
    if days is not None:
        years = int(days / DAYS_PER_UNIT["year"] + 1e-6)
        return years if years <= MAX_EXPERIENCE_YEARS else None
    if BEGINNER.search(text):
        return 0
    bare = parse_number(text) if re.fullmatch(r"\d+(?:[.,]\d+)?\+?", text) else None
    return int(bare) if bare is not None and bare <= MAX_EXPERIENCE_YEARS else None


def _parse_in_unit(value: Any, unit: str) -> int | None:
    text = fold(clean(value) or "")
    days = _find_days(text)
    if days is None and re.fullmatch(r"\d+(?:[.,]\d+)?", text):
        days = (parse_number(text) or 0) * DAYS_PER_UNIT[unit]
    return max(1, round(days / DAYS_PER_UNIT[unit])) if days and days < 100 * DAYS_PER_UNIT["year"] else None


def _find_days(text: str) -> float | None:
    """The first length of a text; of a range, its lower end."""
    if text and (iso := ISO_DURATION.match(text)):
        years, months_, weeks_, days = (int(part or 0) for part in iso.groups())
        return (
            years * DAYS_PER_UNIT["year"]
            + months_ * DAYS_PER_UNIT["month"]
            + weeks_ * DAYS_PER_UNIT["week"]
            + days
            or None
        )
    found = DURATION.search(text)
    return float(found[1].replace(",", ".")) * DAYS_PER_UNIT[str(found.lastgroup)] if found else None
