"""Parse durations, and the years of experience that a job requires."""

from __future__ import annotations

import re
from typing import Any

from oim.features.ingestion.values.numbers import parse_number
from oim.features.ingestion.values.text import clean
from oim.kit.text import fold

# Mean lengths, leap years included, so that 24 months and 2 years are equal.
DAYS_PER_UNIT = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}
# In folded text. "wee", "mon" and "ann" are the unit codes of UN/CEFACT, which schema.org uses.
UNIT_PATTERNS = (
    ("day", r"jours?|days?|d(?![a-z])|j(?![a-z])"),
    ("week", r"semaines?|weeks?|wee|sem"),
    ("month", r"mois|months?|mon"),
    ("year", r"ans?|annees?|an\(s\)|years?|yrs?|ann"),
)
# A number and its unit; of a range, the first number with the unit after the second: "2 à 5 ans". The closing
# bracket is for "deux (02) ans".
DURATION = re.compile(
    r"(\d{1,4}(?:[.,]\d{1,2})?)\)? ?(?:(?:a|to|-|et|ou|or) ?\d{1,4} ?)?(?:"
    + "|".join(rf"(?P<{unit}>{pattern})" for unit, pattern in UNIT_PATTERNS)
    + r")(?![a-z])"
)
# ISO 8601, folded: "p1y6m", "p6w". Hours ("t...") are ignored.
ISO_DURATION = re.compile(r"p(?:(\d+)y)?(?:(\d+)m)?(?:(\d+)w)?(?:(\d+)d)?(?:t.*)?$")
BEGINNER = re.compile(
    r"\b(?:debutante?s?|(?:sans|aucune|pas d')\s?experience|no experience|entry[ -]level|beginners?)\b"
)
MAX_EXPERIENCE_YEARS = 50


def parse_months(value: Any) -> int | None:
    """Return a duration in whole months, at least one; a bare number counts months."""
    return _parse_in_unit(value, "month", "month")


def parse_weeks(value: Any, bare: str = "week") -> int | None:
    """Return a duration in whole weeks, at least one; a bare number counts units of `bare`."""
    return _parse_in_unit(value, "week", bare)


def parse_experience_years(value: Any) -> int | None:
    """Return the years of experience required, rounded down; 0 where beginners are welcome.

    Of a range the lower end counts. A bare number counts years; "experience required" alone is None.
    """
    text = fold(clean(value) or "")
    days = _find_days(text)
    if days is not None:
        # The small addition guards against a float just under a whole number.
        years = int(days / DAYS_PER_UNIT["year"] + 1e-6)
        return years if years <= MAX_EXPERIENCE_YEARS else None
    if BEGINNER.search(text):
        return 0
    # The whole text must be a number, perhaps with a plus ("3+"): that of "bac+5" is no experience.
    number = parse_number(text) if re.fullmatch(r"\d+(?:[.,]\d+)?\+?", text) else None
    return int(number) if number is not None and number <= MAX_EXPERIENCE_YEARS else None


def _parse_in_unit(value: Any, unit: str, bare: str) -> int | None:
    """Return a duration in whole units, at least one; None for none, zero, or a hundred years and more."""
    text = fold(clean(value) or "")
    days = _find_days(text)
    if days is None and re.fullmatch(r"\d+(?:[.,]\d+)?", text):
        days = (parse_number(text) or 0) * DAYS_PER_UNIT[bare]
    return max(1, round(days / DAYS_PER_UNIT[unit])) if days and days < 100 * DAYS_PER_UNIT["year"] else None


def _find_days(text: str) -> float | None:
    """Return the first duration of a text in days; of a range, its lower end."""
    if text and (iso := ISO_DURATION.match(text)):
        # "p" alone matches too: all parts are then 0, and the result None.
        years, months, weeks, days = (int(part or 0) for part in iso.groups())
        return (
            years * DAYS_PER_UNIT["year"]
            + months * DAYS_PER_UNIT["month"]
            + weeks * DAYS_PER_UNIT["week"]
            + days
            or None
        )
    match = DURATION.search(text)
    # `lastgroup` is the name of the unit's group.
    return float(match[1].replace(",", ".")) * DAYS_PER_UNIT[str(match.lastgroup)] if match else None
