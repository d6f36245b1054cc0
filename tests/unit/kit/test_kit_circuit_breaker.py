"""The circuit breaker: fast failures after a time-out, one probe a pause, and closed by an answer."""

import pytest

from oim.kit import circuit_breaker
from oim.kit.circuit_breaker import PAUSE, CircuitBreaker


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    clock = [1000.0]
    monkeypatch.setattr(circuit_breaker, "monotonic", lambda: clock[0])
    return clock


def test_everybody_is_admitted_while_the_server_answers(clock: list[float]) -> None:
    breaker = CircuitBreaker()
    assert [breaker.admit() for _ in range(3)] == [True] * 3


def test_after_a_time_out_one_caller_a_pause_is_admitted(clock: list[float]) -> None:
    breaker = CircuitBreaker()
    assert breaker.admit()
    assert breaker.note_timeout(), "the first one"
    assert not breaker.note_timeout(), "of a call that waited at the same time"
    assert [breaker.admit() for _ in range(3)] == [False] * 3
    for _ in range(2):
        clock[0] += PAUSE
        assert [breaker.admit() for _ in range(3)] == [True, False, False]


def test_an_answer_admits_everybody_again(clock: list[float]) -> None:
    breaker = CircuitBreaker()
    breaker.note_timeout()
    clock[0] += PAUSE
    assert breaker.admit()
    breaker.note_answer()
    assert [breaker.admit() for _ in range(3)] == [True] * 3
