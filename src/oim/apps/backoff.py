"""How long to wait before what ended is started again: longer each time, and never for ever.

Children of `oim up` and forks share it. Without the wait a program that cannot run would take the machine
from those that can; with a last try, a fault that passes (a full disk) would need a person all the same.
"""

from __future__ import annotations

import signal
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backoff:
    """The waits, in seconds: `first`, then twice as long after each death, `longest` at most."""

    first: float = 0.5
    longest: float = 30.0
    healthy: float = 60.0  # seconds of life after which earlier deaths are forgotten

    def count_deaths(self, earlier: int, lived: float) -> int:
        """Return how many deaths count now, one more having come after so many seconds of health."""
        return 1 if lived >= self.healthy else earlier + 1

    def delay(self, deaths: int) -> float:
        """Return how long to wait after so many deaths (1 or more)."""
        doublings = min(deaths - 1, 30)  # beyond it the power would only become too large for a float
        return min(self.longest, self.first * 2.0**doublings)


BACKOFF = Backoff()


def describe_status(status: int | None) -> str:
    """Describe how a process ended, by its exit status: negative where a signal killed it."""
    if status is None:
        return "not ready"  # it runs, or could not be started at all
    if status >= 0:
        return f"exit status {status}"
    try:
        return f"killed by {signal.Signals(-status).name}"
    except ValueError:  # a real-time signal, which has no name
        return f"killed by signal {-status}"
