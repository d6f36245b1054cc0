"""Following a shared clock: by one thread at a time, never at the cost of the work, and not silently."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import structlog
import time_machine

from oim.kit import clock
from oim.kit.errors import UnavailableError

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def skew(monkeypatch: pytest.MonkeyPatch) -> clock._Skew:
    """What a process knows that has not measured yet."""
    skew = clock._Skew()
    monkeypatch.setattr(clock, "_SKEW", skew)
    return skew


@pytest.fixture
def host() -> Iterator[time_machine.Traveller]:
    """A host whose clock stands still."""
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=clock.UTC), tick=False) as traveller:
        yield traveller


def fail(_: timedelta) -> timedelta:
    raise UnavailableError("It does not answer.")


def test_a_clock_that_does_not_answer_changes_nothing_and_is_asked_again_soon(skew: clock._Skew) -> None:
    clock.follow_clock(lambda _: HOUR)
    skew.measure_at = 0.0
    clock.follow_clock(fail)
    assert skew.ahead == HOUR
    assert not clock.is_measuring_due(), "a server that is down is not asked before each transaction"
    assert skew.measure_at - clock.monotonic() <= clock.RETRY_INTERVAL


def test_one_thread_measures_and_the_others_go_on(skew: clock._Skew) -> None:
    entered, leave = threading.Event(), threading.Event()

    def measure(_: timedelta) -> timedelta:
        entered.set()
        assert leave.wait(10)
        return HOUR

    first = threading.Thread(target=clock.follow_clock, args=(measure,))
    first.start()
    assert entered.wait(10)
    for _ in range(50):
        assert clock.is_measuring_due()
        clock.follow_clock(pytest.fail)
    leave.set()
    first.join()
    assert skew.ahead == HOUR
    clock.follow_clock(pytest.fail)  # of a thread that saw it due before the other had measured


@pytest.mark.parametrize(("change", "said"), [(timedelta(seconds=4), 0), (timedelta(seconds=6), 1)])
def test_a_clock_that_was_set_is_an_error_in_the_log(skew: clock._Skew, change: timedelta, said: int) -> None:
    with structlog.testing.capture_logs() as logs:
        clock.follow_clock(lambda _: change)
        for _ in range(2):
            skew.measure_at = 0.0
            clock.follow_clock(lambda before: before + timedelta(seconds=1))
    assert [entry["log_level"] for entry in logs] == ["error"] * said


def test_clocks_are_doubtful_from_an_hour_on() -> None:
    clock.follow_clock(lambda _: -HOUR)
    assert not clock.is_doubtful()
    clock._SKEW.measure_at = 0.0
    clock.follow_clock(lambda before: before - timedelta(seconds=1))
    assert clock.is_doubtful()


@pytest.mark.parametrize(
    ("before", "ahead", "duration", "measured"),
    [
        (timedelta(), timedelta(seconds=0.4), 0, timedelta()),
        (timedelta(), timedelta(seconds=3), 0, timedelta(seconds=3)),
        (timedelta(), timedelta(seconds=3), 4, timedelta()),
        # The same clock as before, by a slow answer; and one that somebody has set right meanwhile.
        (HOUR, HOUR + timedelta(seconds=3), 4, HOUR),
        (HOUR, timedelta(seconds=3), 4, timedelta()),
        (timedelta(seconds=3), timedelta(seconds=1), 4, timedelta(seconds=3)),
    ],
)
def test_a_slow_answer_does_not_undo_what_was_measured_before(
    monkeypatch: pytest.MonkeyPatch,
    host: time_machine.Traveller,
    before: timedelta,
    ahead: timedelta,
    duration: float,
    measured: timedelta,
) -> None:
    started = clock.read_host_clock()
    readings = iter([0.0, float(duration)])
    monkeypatch.setattr(clock, "monotonic", lambda: next(readings))

    def read_clock() -> datetime:
        host.shift(timedelta(days=1))  # somebody sets the host's clock: the way took no longer for it
        return started + timedelta(seconds=duration / 2) + ahead

    assert clock.measure_skew(read_clock, before) == measured
