"""Whole numbers, shares and yes or no."""

from __future__ import annotations

import re
from typing import Any

from oim.features.ingestion.values.text import clean
from oim.kit.text import fold

NUMBER = re.compile(r"-?\d{1,12}(?:[.,]\d{1,6})?(?!\d)")
YES = re.compile(r"true|vrai|yes|oui|y|o|x|1(?:\.0)?|required|requise?|obligatoire|exigee?")
NO = re.compile(r"false|faux|no|non|n|0(?:\.0)?|aucune?|sans")
REMOTE = re.compile(r"\b(?:teletravail|remote|telecommute|a distance|work from home|home office)\b")


def parse_number(value: Any) -> float | None:
    """The first number of a text ("2,5 %": 2.5)."""
    found = NUMBER.search(clean(value) or "")
    return float(found[0].replace(",", ".")) if found else None


def parse_whole(value: Any, minimum: int, maximum: int) -> int | None:
    """The first number of a text, its fraction dropped; None outside `least` to `most`."""
    found = parse_number(value)
    return int(found) if found is not None and minimum <= found <= maximum else None


def parse_percent(value: Any) -> float | None:
    """A share or rate from 0 to 100."""
    found = parse_number(value)
    return found if found is not None and 0 <= found <= 100 else None


def parse_flag(value: Any) -> bool | None:
    """Yes or no."""
    text = fold(clean(value) or "")
    return True if YES.fullmatch(text) else False if NO.fullmatch(text) else None


def parse_remote(value: Any) -> bool | None:
    """Whether the work is done from afar: yes or no, or words that say so."""
    stated = parse_flag(value)
    return True if stated is None and REMOTE.search(fold(clean(value) or "")) else stated
