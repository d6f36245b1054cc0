"""Failures of the database as people read them: what does not answer, or was stopped, is unavailable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import psycopg
from psycopg import errors
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from oim.kit.errors import UnavailableError
from oim.kit.i18n import mark

CROWDED = mark("Too many people ask for something at once. Try again in a moment.")
NO_ANSWER = mark("The database does not answer. Try again in a moment.")
_TOO_SLOW = mark("This took too long, so we stopped it. Try again in a moment.")
# What PostgreSQL stops: it waited longer than the role of the process may (`connections.Timeouts`), or has no
# room.
_STOPPED: Mapping[type[psycopg.Error], str] = {
    errors.LockNotAvailable: mark("The same data is being changed right now. Try again in a moment."),
    errors.QueryCanceled: _TOO_SLOW,
    errors.IdleInTransactionSessionTimeout: _TOO_SLOW,
    errors.DiskFull: mark("The disk of the database is full. Free some space, then try again."),
}


@contextmanager
def translate_errors() -> Iterator[None]:
    """Raise UnavailableError in place of what the block raises where trying again may help."""
    try:
        yield
    except SQLAlchemyError as error:
        message = _find_message(error)
        if message is None:
            raise
        raise UnavailableError(message) from error


def _find_message(error: SQLAlchemyError) -> str | None:
    """Find what to tell of a failure; None for an error of ours, such as a statement that is wrong."""
    if isinstance(error, PoolTimeoutError):
        return CROWDED
    if isinstance(error, DBAPIError):
        for kind, message in _STOPPED.items():
            if isinstance(error.orig, kind):
                return message
    return NO_ANSWER if isinstance(error, OperationalError) else None
