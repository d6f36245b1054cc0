"""What tests do to a database past every right of the application."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from typing import Protocol

import psycopg


class Tamper(Protocol):
    """Executes statements in one transaction that passes every right and every trigger."""

    def __call__(self, *statements: str) -> None: ...


@contextmanager
def open_tamper(superuser_url: str) -> Iterator[Tamper]:
    """Connect as the superuser, again where a test has ended all connections."""
    with ExitStack() as stack:

        def connect() -> psycopg.Connection:
            return stack.enter_context(closing(psycopg.connect(superuser_url)))

        connection = connect()

        def execute(*statements: str) -> None:
            nonlocal connection
            try:
                _execute(connection, statements)
            except psycopg.OperationalError:
                connection = connect()
                _execute(connection, statements)

        yield execute


def _execute(connection: psycopg.Connection, statements: Sequence[str]) -> None:
    """Execute statements in one transaction without triggers."""
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute("; ".join(statements))
