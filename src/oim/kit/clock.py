"""Instants and days, always with a time zone. Cameroon has West Africa Time (UTC+1) all year."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

CAMEROON = ZoneInfo("Africa/Douala")


def now() -> datetime:
    """Return the current instant, in UTC."""
    return datetime.now(UTC)


def start_of_day(day: date) -> datetime:
    """Return the first instant of a day in Cameroon."""
    return datetime.combine(day, time.min, CAMEROON)


def end_of_day(day: date) -> datetime:
    """Return the last second of a day in Cameroon, which is when a deadline stated as a date ends."""
    return datetime.combine(day, time(23, 59, 59), CAMEROON)
