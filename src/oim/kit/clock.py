"""Instants and days, always with a time zone. Cameroon has West Africa Time (UTC+1) all year.

Processes of several hosts compare what they write, so they go by one clock, the database's: each measures now
and then how far its own host is from it, and `now` makes up for the difference. See decision 31.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

CAMEROON = ZoneInfo("Africa/Douala")


MEASURING_INTERVAL = 30.0  # seconds between two measurements
RETRY_INTERVAL = 5.0  # seconds after one that failed
# What a measurement may be wrong by on one machine: with it, instants would go back and forth.
NEGLIGIBLE_SKEW = timedelta(seconds=0.5)
HOSTS_APART = 2 * NEGLIGIBLE_SKEW  # what `now` of two hosts may differ by
LOUD_CHANGE = timedelta(seconds=5)  # somebody set a clock: hosts that NTP sets drift by far less in 30 s
# From here on one of the two clocks is plainly wrong, and nobody knows which.
DOUBTFUL_SKEW = timedelta(hours=1)


@dataclass(slots=True)
class _Skew:
    """How far the database's clock is ahead of this host's, and when to measure it again."""

    ahead: timedelta = timedelta()
    measure_at: float = 0.0  # on the monotonic clock
    lock: threading.Lock = field(default_factory=threading.Lock)  # of the thread that measures


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


def is_doubtful() -> bool:
    """Whether the shared clock and this host's are so far apart that nothing should be deleted by either."""
    return abs(_SKEW.ahead) > DOUBTFUL_SKEW


def follow_clock(measure: Callable[[timedelta], timedelta]) -> None:
    """Go by the skew that `measure` finds, given the last one, or as before while it raises UnavailableError.

    One thread measures, and the others go on: work that can be done must not fail, or wait, for this.
    """
    # Here, not above: `oim --help` reads this module, and loads nothing that it does not need.
    from oim.kit.errors import UnavailableError  # noqa: PLC0415
    from oim.kit.telemetry import logger  # noqa: PLC0415

    if not _SKEW.lock.acquire(blocking=False):
        return
    try:
        if is_measuring_due():  # not measured by another since the caller looked
            _set_skew(measure(_SKEW.ahead))
            _SKEW.measure_at = monotonic() + MEASURING_INTERVAL
    except UnavailableError as error:
        _SKEW.measure_at = monotonic() + RETRY_INTERVAL
        # No warning: the transaction that follows says whether the database answers.
        logger(__name__).debug("the shared clock does not answer", error=str(error))
    finally:
        _SKEW.lock.release()


def _set_skew(ahead: timedelta) -> None:
    """Go by a skew, and say so where a clock was set: what is due and what is over changes with it."""
    from oim.kit.telemetry import logger  # noqa: PLC0415

    before, _SKEW.ahead = _SKEW.ahead, ahead
    if abs(ahead - before) > LOUD_CHANGE:
        logger(__name__).error(
            "the shared clock and this host's have moved apart",
            seconds=ahead.total_seconds(),
            seconds_before=before.total_seconds(),
        )


def measure_skew(read_clock: Callable[[], datetime], before: timedelta = timedelta()) -> timedelta:
    """Measure how far a clock is ahead of this host's.

    An answer on its way for long tells little: the skew `before`, or none, stands where it may still be so.
    """
    started, started_at = read_host_clock(), monotonic()
    theirs = read_clock()
    # Not by the host's clock, which somebody may set meanwhile.
    duration = timedelta(seconds=monotonic() - started_at)
    ahead, tolerance = theirs - (started + duration / 2), max(NEGLIGIBLE_SKEW, duration)
    possible = (skew for skew in (before, timedelta()) if abs(ahead - skew) <= tolerance)
    return next(possible, ahead)


def start_of_day(day: date) -> datetime:
    """Return the first instant of a day in Cameroon."""
    return datetime.combine(day, time.min, CAMEROON)


def end_of_day(day: date) -> datetime:
    """Return the last second of a day in Cameroon, which is when a deadline stated as a date ends."""
    return datetime.combine(day, time(23, 59, 59), CAMEROON)
