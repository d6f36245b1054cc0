"""How connections to PostgreSQL are opened: by the URL and the role of the process, not by the environment.

Every wait on a connection has an end, which PostgreSQL keeps itself: a process that hangs, or a holder of a
lock that is stuck, keeps nobody else for longer. See decision 23.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url

from oim.kit.circuit_breaker import CircuitBreaker
from oim.kit.db.bounded_connection import BoundedConnection
from oim.kit.environment import drop_foreign_variables

PATIENCE = 2  # seconds that the answer to a statement may come after the statement itself had to end
_ARGUMENTS = {
    "connect_timeout": 5,  # seconds
    "application_name": "oim",
    # Not left to the server either: a role may have another encoding as its default.
    "client_encoding": "utf8",
    # A host that vanished without a word is noticed within a minute, whether or not something was sent to it.
    "keepalives_idle": 30,  # seconds
    "keepalives_interval": 10,  # seconds
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,  # milliseconds
}


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long PostgreSQL lets a connection go on, in seconds; 0 is without end."""

    lock: int  # waiting for one lock
    statement: int  # one statement, its locks included
    idle_transaction: int  # between two statements of a transaction

    @property
    def options(self) -> str:
        """The timeouts as options of a connection (libpq's `options`)."""
        settings = {
            "lock_timeout": self.lock,
            "statement_timeout": self.statement,
            "idle_in_transaction_session_timeout": self.idle_transaction,
        }
        return " ".join(f"-c {name}={seconds}s" for name, seconds in settings.items())

    @property
    def patience(self) -> int | None:
        """Seconds to wait for an answer: a server that keeps its own timeouts has given one; None: any."""
        return self.statement + PATIENCE if self.statement else None


# Somebody waits for the page: an answer, be it a refusal, comes before they give up.
SITE = Timeouts(lock=2, statement=10, idle_transaction=15)
# Somebody waits for what the engine reads too, but for nothing that it indexes.
ENGINE = Timeouts(lock=10, statement=60, idle_transaction=300)
# Whether the server answers at all, and which time it has.
HEALTH = Timeouts(lock=1, statement=2, idle_transaction=15)
# Nobody waits, and one statement may well take minutes; but a worker that hangs lets its locks go.
BACKGROUND = Timeouts(lock=30, statement=0, idle_transaction=300)
# A change of a table waits for its readers, and whoever wants to read it waits behind the change.
MIGRATION = Timeouts(lock=10, statement=0, idle_transaction=0)


def create_pool(url: str, timeouts: Timeouts, **options: Any) -> Engine:
    """Create a pool of connections to the database of a URL; `options` are those of SQLAlchemy."""
    # SQLAlchemy's default driver is psycopg2.
    address = make_url(url.replace("postgresql://", "postgresql+psycopg://", 1))
    pool = create_engine(
        address,
        connect_args=_ARGUMENTS | {"options": _join_options(timeouts, address)},
        **options,
    )
    event.listen(pool, "do_connect", partial(_connect, timeouts.patience, CircuitBreaker()))
    return pool


def _join_options(timeouts: Timeouts, address: URL) -> str:
    """Join the timeouts with the options that the URL itself has, which come last and so prevail."""
    own = address.query.get("options", "")
    return " ".join([timeouts.options, *([own] if isinstance(own, str) else own)]).strip()


def _connect(
    patience: int | None,
    breaker: CircuitBreaker,
    _: object,
    __: object,
    parts: list[Any],
    options: dict[str, Any],
) -> BoundedConnection:
    # libpq takes from `PG…` what a URL leaves open, at each connection: no later change must reach it.
    # libpq takes from `PG…` whatever a URL leaves open, at each connection: a later change must not reach it
    drop_foreign_variables()
    return BoundedConnection.open(patience, breaker, *parts, **options)
