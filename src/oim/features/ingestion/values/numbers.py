"""Parse numbers, percentages, and yes or no, in French or English."""

from __future__ import annotations

import re
from typing import Any

from oim.features.ingestion.values.text import clean
from oim.kit.text import fold

# "3", "-5", "2,5", "2.5". More than twelve digits are an identifier, not a number.
NUMBER = re.compile(r"-?\d{1,12}(?:[.,]\d{1,6})?(?!\d)")
# In folded text. "x" is a ticked box; "1.0" is what spreadsheets make of 1.
YES = re.compile(r"true|vrai|yes|oui|y|o|x|1(?:\.0)?|required|requise?|obligatoire|exigee?")
NO = re.compile(r"false|faux|no|non|n|0(?:\.0)?|aucune?|sans")
REMOTE = re.compile(r"\b(?:teletravail|remote|telecommute|a distance|work from home|home office)\b")


def parse_number(value: Any) -> float | None:
    """Return the first number of a text ("2,5 %" is 2.5)."""
    match = NUMBER.search(clean(value) or "")
    return float(match[0].replace(",", ".")) if match else None


def parse_whole(value: Any, minimum: int, maximum: int) -> int | None:
    """Return the first number of a text without its fraction; None outside `minimum` to `maximum`."""
    number = parse_number(value)
    return int(number) if number is not None and minimum <= number <= maximum else None


def parse_percent(value: Any) -> float | None:
    """Return a percentage from 0 to 100; None outside these."""
    number = parse_number(value)
    return number if number is not None and 0 <= number <= 100 else None


def parse_flag(value: Any) -> bool | None:
    """Return True for yes, False for no, None for anything else."""
    text = fold(clean(value) or "")
    return True if YES.fullmatch(text) else False if NO.fullmatch(text) else None


def parse_remote(value: Any) -> bool | None:
    """Whether the work is remote: stated as yes or no, or by words such as "télétravail"."""
    stated = parse_flag(value)
    return True if stated is None and REMOTE.search(fold(clean(value) or "")) else stated
