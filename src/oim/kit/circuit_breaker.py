"""A circuit breaker: after one call waited in vain, the next fail at once, and one at a time tries again."""

from __future__ import annotations

import threading
from time import monotonic

PAUSE = 1.0  # seconds for which nothing is tried after a time-out


class CircuitBreaker:
    """Remembers whether a server answers. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_open = False
        self._retry_at = 0.0  # on the monotonic clock

    def admit(self) -> bool:
        """Whether a call may try now. While the circuit is open one caller in a pause may, as a probe."""
        with self._lock:
            if self._is_open and monotonic() < self._retry_at:
                return False
            # Whoever comes next is refused until the probe has ended, or would have timed out.
            self._retry_at = monotonic() + PAUSE
            return True

    def note_answer(self) -> None:
        """Note that the server answered: every call may try again."""
        self._is_open = False

    def note_timeout(self) -> bool:
        """Note that a call waited in vain: calls fail at once for a pause. Whether they did not already."""
        with self._lock:
            was_open, self._is_open = self._is_open, True
            self._retry_at = monotonic() + PAUSE
            return not was_open
