"""A connection to PostgreSQL that its client gives up: a server that is frozen keeps no timeout of its own.

A process that was stopped, or waits for a disk that does not answer, keeps its connections open, and TCP has
nothing to complain about. After one wait in vain the next calls fail at once, and one a second tries again.
"""

from __future__ import annotations

from typing import Any, Self, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.errors import ConnectionTimeout, OperationalError, _WaitTimeout

from oim.kit.circuit_breaker import CircuitBreaker
from oim.kit.telemetry import logger

ResultT = TypeVar("ResultT")
LOOK_INTERVAL = 0.1  # seconds between two looks whether somebody interrupts, as psycopg has it
NO_ANSWER = "the database does not answer"


class BoundedConnection(psycopg.Connection[Any]):
    """A connection that waits for an answer so long, and then closes."""

    _patience: float | None = None
    _breaker: CircuitBreaker

    @classmethod
    def open(cls, patience: float | None, breaker: CircuitBreaker, *parts: Any, **options: Any) -> Self:
        """Connect. `patience`: seconds to wait for an answer, None: any; `breaker` is shared by a pool."""
        _check(breaker)
        try:
            connection = cls.connect(*parts, **options)
        except ConnectionTimeout:
            _note_timeout(breaker)
            raise
        breaker.note_answer()
        connection._patience, connection._breaker = patience, breaker
        return connection

    def wait(
        self, gen: PQGen[ResultT], interval: float = LOOK_INTERVAL, timeout: float | None = None
    ) -> ResultT:
        """Wait for an answer. Raises OperationalError when none comes, or none came a moment ago."""
        if self._patience is None or timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            _check(self._breaker)
            result = super().wait(gen, interval, self._patience)
        except _WaitTimeout:
            _note_timeout(self._breaker)
            self.close()
            raise OperationalError(NO_ANSWER) from None
        self._breaker.note_answer()
        return result


def _check(breaker: CircuitBreaker) -> None:
    if not breaker.admit():
        raise OperationalError(NO_ANSWER)


def _note_timeout(breaker: CircuitBreaker) -> None:
    if breaker.note_timeout():
        logger(__name__).warning(NO_ANSWER)
