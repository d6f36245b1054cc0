"""When people may be written to unasked: not from 22:00 to 06:00, and three times a day (ART, June 2014)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from oim.kit.clock import CAMEROON

MAX_PER_DAY = 3
MORNING, NIGHT = time(6), time(22)


def is_daytime(at: datetime) -> bool:
    """Whether it is an hour at which people may be written to unasked."""
    return MORNING <= at.astimezone(CAMEROON).time() < NIGHT


def find_allowed_time(at: datetime, count_on_day: Callable[[date], int]) -> datetime:
    """The first instant from `at` on, by day, on a day for which fewer than three are written already."""
    local = at.astimezone(CAMEROON)
    day = local.date()
    if is_daytime(at) and count_on_day(day) < MAX_PER_DAY:
        return at
    if local.time() >= MORNING:  # this morning is over
        day += timedelta(days=1)
    while count_on_day(day) >= MAX_PER_DAY:
        day += timedelta(days=1)
    return datetime.combine(day, MORNING, CAMEROON)
