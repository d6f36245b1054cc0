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

Reader = Callable[[str], date | datetime | None]
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
MAIL = re.compile(r"(?:[A-Za-z]{3}, ?)?\d{1,2} [A-Za-z]{3} \d{4} \d\d:\d\d")
TIME = re.compile(r"(?<!\d)([01]?\d|2[0-3]) ?[:h] ?([0-5]\d)?(?!\d)")
YEARS = range(1990, 2100)
LONGEST = 60  # characters: beyond, it is a sentence and not a date
GUESSER = {
    "DATE_ORDER": "DMY",
    "REQUIRE_PARTS": ["day", "month", "year"],
    "PARSERS": ["absolute-time"],
}


def opening(value: Any) -> datetime | None:
    """An instant; of a date without a time, its first one in Cameroon."""
    found = parse(value)
    return found if isinstance(found, datetime) or found is None else start_of_day(found)


def closing(value: Any) -> datetime | None:
    """An instant; of a date without a time, its last one in Cameroon."""
    found = parse(value)
    return found if isinstance(found, datetime) or found is None else end_of_day(found)


def day(value: Any) -> date | None:
    """A day, in Cameroon."""
    found = parse(value)
    return found.astimezone(CAMEROON).date() if isinstance(found, datetime) else found


def parse(value: Any) -> date | datetime | None:
    """A day, or an instant with its zone (Cameroon's where none is stated); None for anything unsure."""
    text = clean(value)
    return _parse(text) if text and len(text) <= LONGEST else None


def is_date(value: Any) -> bool:
    """Whether a text is surely a date: what only the slow guesser would read does not count."""
    text = clean(value)
    return bool(text) and len(str(text)) <= LONGEST and _read(str(text), READERS[:-1]) is not None


@lru_cache(maxsize=4096)
def _parse(text: str) -> date | datetime | None:
    return _read(text, READERS)


def _read(text: str, readers: tuple[Reader, ...]) -> date | datetime | None:
    for reader in readers:
        try:
            found = reader(text)
        except (ValueError, OverflowError):
            return None
        if found:
            return found if found.year in YEARS else None
    return None


def _iso(text: str) -> date | datetime | None:
    if not ISO.match(text):
        return None
    moment = datetime.fromisoformat(text)
    # Spreadsheets and databases write a date as midnight.
    return moment.date() if moment.tzinfo is None and moment.time() == time.min else _zoned(moment)


def _mail(text: str) -> datetime | None:
    """RFC 822, as feeds write it."""
    return _zoned(parsedate_to_datetime(text)) if MAIL.match(text) else None


def _numeric(text: str) -> date | datetime | None:
    if found := YEAR_FIRST.search(text):
        return _timed(date(int(found[1]), int(found[2]), int(found[3])), text[found.end() :])
    if found := NUMERIC.search(text):
        year = int(found[3])
        year += 0 if year > 99 else 2000
        return _timed(date(year, int(found[2]), int(found[1])), text[found.end() :])
    return None


def _named(text: str) -> date | datetime | None:
    folded = fold(text)
    for pattern, day_, month in ((DAY_MONTH, 1, 2), (MONTH_DAY, 2, 1)):
        for found in pattern.finditer(folded):
            if found[month] in MONTHS:
                named = date(int(found[3]), MONTHS[found[month]], int(found[day_]))
                return _timed(named, folded[found.end() :])
    return None


def _timed(named: date, rest: str) -> date | datetime:
    """The day with the time that follows it, where one does."""
    found = TIME.search(rest)
    return datetime.combine(named, time(int(found[1]), int(found[2] or 0)), CAMEROON) if found else named


def _guessed(text: str) -> date | None:
    """The slow last resort, for day, month and year in words that no other reader knows."""
    if not re.search(r"\d", text) or not re.search(r"[^\W\d_]{3}", text):
        return None
    found = dateparser.parse(text, languages=["fr", "en"], settings=GUESSER)
    return found.date() if found else None


def _zoned(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=CAMEROON)


READERS: tuple[Reader, ...] = (_iso, _mail, _numeric, _named, _guessed)
