"""Instants and days, always with a time zone. Cameroon has West Africa Time (UTC+1) all year.

Processes of several hosts compare what they write, so they go by one clock, the database's: each measures now
and then how far its own host is from it, and `now` makes up for the difference. See decision 31.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

CAMEROON = ZoneInfo("Africa/Douala")


MEASURING_INTERVAL = 30.0  # seconds between two measurements
# What a measurement may be wrong by on one machine: with it, instants would go back and forth.
NEGLIGIBLE_SKEW = timedelta(seconds=0.5)
HOSTS_APART = 2 * NEGLIGIBLE_SKEW  # what `now` of two hosts may differ by


@dataclass(slots=True)
class _Skew:
    """How far the database's clock is ahead of this host's, and when to measure it again."""

    ahead: timedelta = timedelta()
    measure_at: float = 0.0  # on the monotonic clock


_SKEW = _Skew()


def now() -> datetime:
    """Return the current instant, in UTC, by the clock that all processes share."""
    return read_host_clock() + _SKEW.ahead


def read_host_clock() -> datetime:
    """Return the current instant by the clock of this host alone: no other host compares anything with it."""
    return datetime.now(UTC)


def is_measuring_due() -> bool:
    """Whether this process has not measured lately how far its host is from the shared clock."""
    return monotonic() >= _SKEW.measure_at


def follow_clock(read_clock: Callable[[], datetime]) -> None:
    """Go by a clock from now on. Raises what `read_clock` raises, and then goes on as before."""
    _SKEW.ahead = measure_skew(read_clock)
    _SKEW.measure_at = monotonic() + MEASURING_INTERVAL


def measure_skew(read_clock: Callable[[], datetime]) -> timedelta:
    """Measure how far a clock is ahead of this host's; nothing where it may as well be the way to it."""
    started = read_host_clock()
    theirs = read_clock()
    duration = read_host_clock() - started
    ahead = theirs - (started + duration / 2)
    return ahead if abs(ahead) > max(NEGLIGIBLE_SKEW, duration) else timedelta()


def start_of_day(day: date) -> datetime:
    """Return the first instant of a day in Cameroon."""
    return datetime.combine(day, time.min, CAMEROON)


def end_of_day(day: date) -> datetime:
    """Return the last second of a day in Cameroon, which is when a deadline stated as a date ends."""
    return datetime.combine(day, time(23, 59, 59), CAMEROON)
