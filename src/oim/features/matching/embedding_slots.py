"""Places for embedding queries: as many at once as there are cores, and a deadline for those who wait.

Embedding fills a core. More at once would each take longer, until nobody gets an answer; who gets no place in
time is answered by words alone, in milliseconds. Known people go before strangers, and wait longer. The long
texts of strangers leave a place to short ones, which take a tenth of the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

STRANGERS_WAIT = 0.3  # seconds for a place; an answer by words is better than a late one
KNOWN_WAIT = 1.0  # seconds, of people who are signed in


class EmbeddingSlots:
    """Places that threads take to embed a query. A stranger takes none while somebody known waits.

    The last free place is never taken by a stranger's long text, unless there is only one.
    """

    def __init__(
        self, count: int, *, strangers_wait: float = STRANGERS_WAIT, known_wait: float = KNOWN_WAIT
    ) -> None:
        """`count`: queries embedded at once; the waits are in seconds."""
        self._free = count
        self._left_by_long = min(count - 1, 1)
        self._waits = {False: strangers_wait, True: known_wait}
        self._known_waiting = 0
        self._changed = Condition()

    @contextmanager
    def take(self, *, known: bool, long: bool = False) -> Iterator[bool]:
        """Yield whether there is a place, which is held until the end of the block. `long`: a long text."""
        has_place = self._wait(known=known, left=self._left_by_long if long and not known else 0)
        try:
            yield has_place
        finally:
            if has_place:
                with self._changed:
                    self._free += 1
                    self._changed.notify_all()

    def _wait(self, *, known: bool, left: int) -> bool:
        """Wait for a place besides those `left`, and take it; returns False when there is none in time."""
        with self._changed:
            self._known_waiting += known
            try:
                is_free = self._changed.wait_for(
                    lambda: self._free > left and (known or not self._known_waiting), self._waits[known]
                )
            finally:
                self._known_waiting -= known
            self._free -= is_free
            # Strangers wait for free places, and for the last of the known who waits.
            self._changed.notify_all()
            return is_free
