"""What tests do to a database past every right of the application."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import psycopg


class Tamper(Protocol):
    """Executes statements in one transaction that passes every right and every trigger."""

    def __call__(self, *statements: str) -> None: ...


@contextmanager
def open_tamper(superuser_url: str) -> Iterator[Tamper]:
    """Connect as the superuser."""
    with psycopg.connect(superuser_url) as connection:

        def execute(*statements: str) -> None:
            with connection.transaction():
                connection.execute("SET LOCAL session_replication_role = replica")
                connection.execute("; ".join(statements))

        yield execute
