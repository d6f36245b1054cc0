"""Parse dates in French and English.

The day comes before the month unless the year comes first. The two are never swapped to make a date valid:
"12/31/2026" is None.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any

from oim.features.ingestion.values.text import clean
from oim.kit.clock import CAMEROON, end_of_day, start_of_day
from oim.kit.text import fold

DateReader = Callable[[str], date | datetime | None]
# Months by name and abbreviation, folded.
MONTHS = {
    name: number
    for number, names in enumerate(
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
# "2026-04-26", "2026-04-26T10:00:00Z", "2026-04-26 10:00".
ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:?\d\d.*)?$")
# "2026/05/03".
YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[./-](\d{1,2})[./-](\d{1,2})(?!\d)")
# "26.04.2026", "3/5/26".
NUMERIC = re.compile(r"(?<!\d)(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?(\d{4}|\d\d)(?!\d)")
# "1er fevrier 2026", "30-apr-2026", "5th of april 2026", in folded text.
DAY_MONTH = re.compile(r"(?<!\d)(\d{1,2})(?:er|st|nd|rd|th)?(?: of)?[ -]([a-z]{3,9})\.?,?[ -](\d{4})(?!\d)")
# "april 5th, 2026".
MONTH_DAY = re.compile(r"\b([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?!\d)")
# "Mon, 20 Apr 2026 10:00:00 +0200", as RSS writes dates.
RFC_822 = re.compile(r"(?:[A-Za-z]{3}, ?)?\d{1,2} [A-Za-z]{3} \d{4} \d\d:\d\d")
# "16h30", "16 h", "8:05".
TIME = re.compile(r"(?<!\d)([01]?\d|2[0-3]) ?[:h] ?([0-5]\d)?(?!\d)")
PLAUSIBLE_YEARS = range(1990, 2100)
MAX_DATE_LENGTH = 60  # characters; a longer text is a sentence and not a date
# Dateparser would else read "mai" or "hier" as dates relative to today. Here all three parts must be stated.
DATEPARSER_SETTINGS = {
    "DATE_ORDER": "DMY",
    "REQUIRE_PARTS": ["day", "month", "year"],
    "PARSERS": ["absolute-time"],
}


def parse_opening(value: Any) -> datetime | None:
    """Return an instant; for a date without a time, the first instant of the day in Cameroon."""
    parsed = parse_date(value)
    return parsed if isinstance(parsed, datetime) or parsed is None else start_of_day(parsed)


def parse_closing(value: Any) -> datetime | None:
    """Return an instant; for a date without a time, the last second of the day in Cameroon."""
    parsed = parse_date(value)
    return parsed if isinstance(parsed, datetime) or parsed is None else end_of_day(parsed)


def parse_day(value: Any) -> date | None:
    """Return a day; for an instant, the day that it is in Cameroon."""
    parsed = parse_date(value)
    return parsed.astimezone(CAMEROON).date() if isinstance(parsed, datetime) else parsed


def parse_date(value: Any) -> date | datetime | None:
    """Return a day, or an instant with its zone (that of Cameroon if none is stated); None where unsure."""
    text = clean(value)
    return _parse_cached(text) if text and len(text) <= MAX_DATE_LENGTH else None


def is_date(value: Any) -> bool:
    """Whether a text is surely a date.

    Texts that only dateparser could read do not count: it is slow, and reads dates into other texts too.
    """
    text = clean(value)
    return (
        bool(text)
        and len(str(text)) <= MAX_DATE_LENGTH
        # All but the last reader, which is dateparser.
        and _try_readers(str(text), DATE_READERS[:-1]) is not None
    )


# The rows of a file share few dates, and dateparser takes milliseconds for each text.
@lru_cache(maxsize=4096)
def _parse_cached(text: str) -> date | datetime | None:
    """Parse a date text by the readers in turn."""
    return _try_readers(text, DATE_READERS)


def _try_readers(text: str, readers: tuple[DateReader, ...]) -> date | datetime | None:
    """Return the date of the first reader that recognises the text, if its year is plausible."""
    for reader in readers:
        try:
            result = reader(text)
        # The form was recognised but there is no such date (31 February): a later reader would only guess.
        except (ValueError, OverflowError):
            return None
        if result:
            return result if result.year in PLAUSIBLE_YEARS else None
    return None


def _read_iso(text: str) -> date | datetime | None:
    """Read an ISO 8601 date, with or without a time."""
    if not ISO.match(text):
        return None
    moment = datetime.fromisoformat(text)
    # Spreadsheets and databases write a date as midnight.
    return moment.date() if moment.tzinfo is None and moment.time() == time.min else _add_zone(moment)


def _read_rfc_822(text: str) -> datetime | None:
    """Read an RFC 822 date, as RSS feeds write it."""
    return _add_zone(parsedate_to_datetime(text)) if RFC_822.match(text) else None


def _read_numeric(text: str) -> date | datetime | None:
    """Read a date in digits, the year first or last."""
    if match := YEAR_FIRST.search(text):
        return _add_time(date(int(match[1]), int(match[2]), int(match[3])), text[match.end() :])
    if match := NUMERIC.search(text):
        year = int(match[3])
        # Two digits are of this century: offers of before 2000 do not matter here.
        year += 0 if year > 99 else 2000
        return _add_time(date(year, int(match[2]), int(match[1])), text[match.end() :])
    return None


def _read_month_name(text: str) -> date | datetime | None:
    """Read a date with a month's name, anywhere in a text: "Publié le 1er février 2026"."""
    folded = fold(text)
    # The numbers are the groups of day and month in each pattern; the year is the third in both.
    for pattern, day_group, month_group in ((DAY_MONTH, 1, 2), (MONTH_DAY, 2, 1)):
        for match in pattern.finditer(folded):
            if match[month_group] in MONTHS:
                day = date(int(match[3]), MONTHS[match[month_group]], int(match[day_group]))
                return _add_time(day, folded[match.end() :])
    return None


def _add_time(day: date, following_text: str) -> date | datetime:
    """Return the day with the time, in Cameroon, of the text after it; the day alone if there is none."""
    match = TIME.search(following_text)
    return datetime.combine(day, time(int(match[1]), int(match[2] or 0)), CAMEROON) if match else day


def _read_by_dateparser(text: str) -> date | None:
    """Read a date by dateparser: the slow last resort, for words that no other reader knows."""
    # A date in words has a digit and a word of three letters; other texts need not wait for dateparser.
    if not re.search(r"\d", text) or not re.search(r"[^\W\d_]{3}", text):
        return None
    # Imported here: it takes as long as the database's library, and most processes read no such date.
    import dateparser  # noqa: PLC0415

    parsed = dateparser.parse(text, languages=["fr", "en"], settings=DATEPARSER_SETTINGS)
    return parsed.date() if parsed else None


def _add_zone(moment: datetime) -> datetime:
    """Return the instant with its own zone, else with that of Cameroon."""
    return moment if moment.tzinfo else moment.replace(tzinfo=CAMEROON)


# In the order in which they are tried: exact formats first, dateparser last (`is_date` leaves it out).
DATE_READERS: tuple[DateReader, ...] = (
    _read_iso,
    _read_rfc_822,
    _read_numeric,
    _read_month_name,
    _read_by_dateparser,
)
