"""Quiet hours: no unrequested messages from 22:00 to 06:00 in Cameroon, nor more than three a day.

The rules are those of the telecommunications regulator (ART, June 2014).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from oim.kit.clock import CAMEROON

MAX_PER_DAY = 3  # messages to one person
MORNING, NIGHT = time(6), time(22)


def is_daytime(at: datetime) -> bool:
    """Tell whether people may be sent unrequested messages at this hour."""
    return MORNING <= at.astimezone(CAMEROON).time() < NIGHT


def find_allowed_time(at: datetime, count_on_day: Callable[[date], int]) -> datetime:
    """Find the first allowed instant from `at` on: by day, on a day with fewer than three messages.

    `count_on_day` counts the person's messages of a day, sent or planned.
    """
    local = at.astimezone(CAMEROON)
    day = local.date()
    if is_daytime(at) and count_on_day(day) < MAX_PER_DAY:
        return at
    # Before 6:00 the coming morning is on the same day; later it is on the next.
    if local.time() >= MORNING:
        day += timedelta(days=1)
    while count_on_day(day) >= MAX_PER_DAY:
        day += timedelta(days=1)
    return datetime.combine(day, MORNING, CAMEROON)
