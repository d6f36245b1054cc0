"""A fork hangs once its heartbeat has stood still for long while somebody looked."""

import pytest

from oim.apps import forks
from oim.apps.forks import POLL_INTERVAL, SILENCE, Heartbeat, _is_silent, _Slot


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The instant that looks go by: the only item."""
    at = [1000.0]
    monkeypatch.setattr(forks.time, "monotonic", lambda: at[0])
    return at


def look(slot: _Slot, clock: list[float], seconds: float, interval: float = POLL_INTERVAL) -> list[bool]:
    """Look at a slot again and again; what each look said."""
    seen = []
    for _ in range(round(seconds / interval)):
        clock[0] += interval
        seen.append(_is_silent(slot))
    return seen


def make_slot(clock: list[float]) -> _Slot:
    """A slot whose fork has begun its work."""
    slot = _Slot(heartbeat=Heartbeat(), looked_at=clock[0])
    slot.heartbeat.beat()
    look(slot, clock, POLL_INTERVAL)
    return slot


def test_a_heartbeat_that_stands_still_is_one_of_a_fork_that_hangs(clock: list[float]) -> None:
    slot = make_slot(clock)
    assert not any(look(slot, clock, SILENCE - POLL_INTERVAL))
    assert look(slot, clock, POLL_INTERVAL) == [True]


def test_one_beat_is_enough(clock: list[float]) -> None:
    slot = make_slot(clock)
    for _ in range(3):
        assert not any(look(slot, clock, SILENCE - POLL_INTERVAL))
        slot.heartbeat.beat()
        assert look(slot, clock, POLL_INTERVAL) == [False]


def test_while_nobody_looked_nobody_was_silent(clock: list[float]) -> None:
    slot = make_slot(clock)
    assert look(slot, clock, 3600, interval=3600) == [False]


def test_who_still_starts_is_not_silent(clock: list[float]) -> None:
    slot = _Slot(heartbeat=Heartbeat(), looked_at=clock[0])
    assert not any(look(slot, clock, 10 * SILENCE))


def test_what_has_no_heartbeat_is_never_silent(clock: list[float]) -> None:
    assert not any(look(_Slot(looked_at=clock[0]), clock, 10 * SILENCE))
