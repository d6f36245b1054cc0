"""When people may be written to unasked: not from 22:00 to 06:00, and three times a day (ART, June 2014)."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from oim.kit.clock import CAMEROON

MOST_A_DAY = 3
MORNING, NIGHT = time(6), time(22)


def allowed_from(at: datetime, sent_today: int) -> datetime:
    """The first instant from `at` on: the next morning at night, or when the day has had its three."""
    local = at.astimezone(CAMEROON)
    if sent_today < MOST_A_DAY and MORNING <= local.time() < NIGHT:
        return at
    day = local.date()
    if local.time() >= MORNING:  # this morning is over
        day += timedelta(days=1)
    return datetime.combine(day, MORNING, CAMEROON)
