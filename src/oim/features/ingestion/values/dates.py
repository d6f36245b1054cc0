"""Dates in French and English. The day comes before the month unless the year comes first; never swapped."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any

import dateparser

from oim.features.ingestion.values.text import clean
from oim.kit.clock import CAMEROON, end_of_day, start_of_day
from oim.kit.text import fold

DateReader = Callable[[str], date | datetime | None]
MONTHS = {
    name: place
    for place, names in enumerate(
        (
            "janvier janv jan january",
            "fevrier fevr fev feb february",
            "mars mar march",
            "avril avr apr april",
            "mai may",
            "juin jun june",
            "juillet juil jul july",
            "aout aou aug august",
            "septembre sept sep september",
            "octobre oct october",
            "novembre nov november",
            "decembre dec december",
        ),
        1,
    )
    for name in names.split()
}
ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:?\d\d.*)?$")
YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[./-](\d{1,2})[./-](\d{1,2})(?!\d)")
NUMERIC = re.compile(r"(?<!\d)(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{4}|\d\d)(?!\d)")
DAY_MONTH = re.compile(r"(?<!\d)(\d{1,2})(?:er|st|nd|rd|th)?(?: of)?[ -]([a-z]{3,9})\.?,?[ -](\d{4})(?!\d)")
MONTH_DAY = re.compile(r"\b([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?!\d)")
RFC_822 = re.compile(r"(?:[A-Za-z]{3}, ?)?\d{1,2} [A-Za-z]{3} \d{4} \d\d:\d\d")
TIME = re.compile(r"(?<!\d)([01]?\d|2[0-3]) ?[:h] ?([0-5]\d)?(?!\d)")
PLAUSIBLE_YEARS = range(1990, 2100)
MAX_DATE_LENGTH = 60  # characters: beyond, it is a sentence and not a date
DATEPARSER_SETTINGS = {
    "DATE_ORDER": "DMY",
    "REQUIRE_PARTS": ["day", "month", "year"],
    "PARSERS": ["absolute-time"],
}


def parse_opening(value: Any) -> datetime | None:
    """An instant; of a date without a time, its first one in Cameroon."""
    found = parse_date(value)
    return found if isinstance(found, datetime) or found is None else start_of_day(found)


def parse_closing(value: Any) -> datetime | None:
    """An instant; of a date without a time, its last one in Cameroon."""
    found = parse_date(value)
    return found if isinstance(found, datetime) or found is None else end_of_day(found)


def parse_day(value: Any) -> date | None:
    """A day, in Cameroon."""
    found = parse_date(value)
    return found.astimezone(CAMEROON).date() if isinstance(found, datetime) else found


def parse_date(value: Any) -> date | datetime | None:
    """A day, or an instant with its zone (Cameroon's where none is stated); None for anything unsure."""
    text = clean(value)
    return _parse_cached(text) if text and len(text) <= MAX_DATE_LENGTH else None


def is_date(value: Any) -> bool:
    """Whether a text is surely a date: what only the slow guesser would read does not count."""
    text = clean(value)
    return (
        bool(text)
        and len(str(text)) <= MAX_DATE_LENGTH
        and _try_readers(str(text), DATE_READERS[:-1]) is not None
    )


@lru_cache(maxsize=4096)
def _parse_cached(text: str) -> date | datetime | None:
    return _try_readers(text, DATE_READERS)


def _try_readers(text: str, readers: tuple[DateReader, ...]) -> date | datetime | None:
    for reader in readers:
        try:
            found = reader(text)
        except (ValueError, OverflowError):
            return None
        if found:
            return found if found.year in PLAUSIBLE_YEARS else None
    return None


def _read_iso(text: str) -> date | datetime | None:
    if not ISO.match(text):
        return None
    moment = datetime.fromisoformat(text)
    # Spreadsheets and databases write a date as midnight.
    return moment.date() if moment.tzinfo is None and moment.time() == time.min else _add_zone(moment)


def _read_rfc_822(text: str) -> datetime | None:
    """RFC 822, as feeds write it."""
    return _add_zone(parsedate_to_datetime(text)) if RFC_822.match(text) else None


def _read_numeric(text: str) -> date | datetime | None:
    if found := YEAR_FIRST.search(text):
        return _add_time(date(int(found[1]), int(found[2]), int(found[3])), text[found.end() :])
    if found := NUMERIC.search(text):
        year = int(found[3])
        year += 0 if year > 99 else 2000
        return _add_time(date(year, int(found[2]), int(found[1])), text[found.end() :])
    return None


def _read_month_name(text: str) -> date | datetime | None:
    folded = fold(text)
    for pattern, day_, month in ((DAY_MONTH, 1, 2), (MONTH_DAY, 2, 1)):
        for found in pattern.finditer(folded):
            if found[month] in MONTHS:
                named = date(int(found[3]), MONTHS[found[month]], int(found[day_]))
                return _add_time(named, folded[found.end() :])
    return None


def _add_time(day: date, rest: str) -> date | datetime:
    """The day with the time that follows it, where one does."""
    found = TIME.search(rest)
    return datetime.combine(day, time(int(found[1]), int(found[2] or 0)), CAMEROON) if found else day


def _read_by_dateparser(text: str) -> date | None:
    """The slow last resort, for day, month and year in words that no other reader knows."""
    if not re.search(r"\d", text) or not re.search(r"[^\W\d_]{3}", text):
        return None
    found = dateparser.parse(text, languages=["fr", "en"], settings=DATEPARSER_SETTINGS)
    return found.date() if found else None


def _add_zone(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=CAMEROON)


DATE_READERS: tuple[DateReader, ...] = (
    _read_iso,
    _read_rfc_822,
    _read_numeric,
    _read_month_name,
    _read_by_dateparser,
)
