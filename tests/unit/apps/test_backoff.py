"""Waits before what ended is started again."""

import pytest

from oim.apps.backoff import Backoff, describe_status

BACKOFF = Backoff(first=0.5, longest=30, healthy=60)


def test_waits_double_up_to_the_longest() -> None:
    waits = [BACKOFF.delay(deaths) for deaths in range(1, 9)]
    assert waits == [0.5, 1, 2, 4, 8, 16, 30, 30]
    assert BACKOFF.delay(100_000) == 30


def test_deaths_are_counted_until_it_was_well_for_a_while() -> None:
    assert BACKOFF.count_deaths(0, lived=0) == 1
    assert BACKOFF.count_deaths(5, lived=59.9) == 6
    assert BACKOFF.count_deaths(5, lived=60) == 1


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (1, "exit status 1"),
        (0, "exit status 0"),
        (-9, "killed by SIGKILL"),
        (-40, "killed by signal 40"),
        (None, "not ready"),
    ],
)
def test_the_end_of_a_process_is_described(status: int | None, text: str) -> None:
    assert describe_status(status) == text
