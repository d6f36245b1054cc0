"""The time, always with its zone. Cameroon keeps West Africa Time (UTC+1) all year."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

CAMEROON = ZoneInfo("Africa/Douala")


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def start_of_day(day: date) -> datetime:
    """The first instant of a day in Cameroon."""
    return datetime.combine(day, time.min, CAMEROON)


def end_of_day(day: date) -> datetime:
    """The last second of a day in Cameroon: a deadline given as a date holds until then."""
    return datetime.combine(day, time(23, 59, 59), CAMEROON)
