"""Database sessions: one type only reads, so a replica may serve it; the other writes, and commits once."""

from __future__ import annotations

import select
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from sqlalchemy import Engine, Executable, create_engine, event, text
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from oim.kit.crypto import Vault
from oim.kit.errors import UnavailableError
from oim.kit.i18n import mark

# Keys of `Session.info`.
_VAULT_KEY, _INDEPENDENT_KEY, _LAST_KEY = "vault", "independent_engine", "last_statements"
# Seconds after which a connection is replaced: what lies between may have dropped it without a word.
MAX_CONNECTION_AGE = 300


def require_vault(info: Mapping[str, Any]) -> Vault:
    """Return the vault that a database was opened with. Raises TypeError if it was opened without one."""
    vault = info[_VAULT_KEY]
    if not isinstance(vault, Vault):
        raise TypeError("this database was opened without the keys")
    return vault


class ReadSession(Session):
    """A transaction that only reads."""

    @property
    def vault(self) -> Vault:
        """The vault that opens sealed columns. Raises TypeError in a process that has no keys."""
        return require_vault(self.info)


class WriteSession(ReadSession):
    """A transaction that writes; `Database.write` commits it."""

    def execute_last(self, statement: Executable) -> None:
        """Execute a statement just before the commit, once, however often it was asked for.

        For a row that many transactions write: it is locked for the moment of the commit only, after all
        other locks, so that transactions neither wait for one another for long nor in a circle.
        """
        self.info.setdefault(_LAST_KEY, {})[statement] = None

    @contextmanager
    def _begin_and_commit(self) -> Iterator[None]:
        """Begin a transaction, and commit it at the end of the block unless the block raises."""
        with self.begin():
            yield
            for statement in self.info.get(_LAST_KEY, ()):
                self.execute(statement)

    @contextmanager
    def independent(self) -> Iterator[WriteSession]:
        """Yield a second transaction, which commits at the end of the block even if this one rolls back."""
        # From a pool of its own. In the common pool there could be a deadlock: as many threads as it has
        # connections, each with one of them, each waiting for a second.
        info = {name: self.info[name] for name in (_VAULT_KEY, _INDEPENDENT_KEY)}
        with WriteSession(info[_INDEPENDENT_KEY], info=info) as session, session._begin_and_commit():
            yield session


@contextmanager
def _translate_errors() -> Iterator[None]:
    """Raise UnavailableError in place of the driver's errors of a database that does not answer."""
    try:
        yield
    except (OperationalError, PoolTimeoutError) as error:
        raise UnavailableError(mark("The database does not answer. Try again in a moment.")) from error


class Database:
    """One PostgreSQL database, by its URL (`postgresql://user:password@host:port/name`)."""

    def __init__(self, url: str, vault: Vault | None = None, *, pool_size: int = 8) -> None:
        self._engine = _create_engine(url, pool_size)
        # The same pool. `BEGIN READ ONLY` is one message, where setting it afterwards took a second one.
        self._read_engine = self._engine.execution_options(postgresql_readonly=True)
        self._independent_engine = _create_engine(url, 1)
        self._session_info: dict[str, Any] = {_VAULT_KEY: vault, _INDEPENDENT_KEY: self._independent_engine}

    @property
    def vault(self) -> Vault:
        """The vault that opens sealed columns. Raises TypeError if the database was opened without one."""
        return require_vault(self._session_info)

    @contextmanager
    def read(self) -> Iterator[ReadSession]:
        """Yield a read-only transaction. Raises UnavailableError when the database does not answer."""
        with (
            _translate_errors(),
            ReadSession(self._read_engine, autoflush=False, info=self._session_info) as session,
        ):
            yield session

    @contextmanager
    def write(self) -> Iterator[WriteSession]:
        """Yield a transaction that is committed at the end of the block, or rolled back if the block raises.

        Raises UnavailableError when the database does not answer.
        """
        with (
            _translate_errors(),
            WriteSession(self._engine, info=self._session_info) as session,
            session._begin_and_commit(),
        ):
            yield session

    @contextmanager
    def try_lock(self, task: str) -> Iterator[bool]:
        """Try to take the lock of a task for the block; yield False if another process has it.

        The database releases the lock when the process that has it dies.
        """
        # PostgreSQL's advisory locks are named by signed 64-bit integers, so the name is hashed to one.
        key = {"key": int.from_bytes(sha256(task.encode()).digest()[:8], "big", signed=True)}
        with _translate_errors(), self._engine.connect() as plain:
            # Autocommit: an open transaction of hours would keep PostgreSQL from cleaning up old rows.
            connection = plain.execution_options(isolation_level="AUTOCOMMIT")
            acquired = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), key))
            try:
                yield acquired
            finally:
                if acquired:
                    connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()
        self._independent_engine.dispose()


def _create_engine(url: str, size: int) -> Engine:
    """Create a pool of up to `2 * size` connections, of which `size` stay open."""
    engine = create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),  # SQLAlchemy's default driver is psycopg2
        pool_size=size,
        max_overflow=size,
        pool_recycle=MAX_CONNECTION_AGE,
        hide_parameters=True,  # errors are logged, and a statement's parameters may be personal data
        connect_args={"connect_timeout": 5, "application_name": "oim"},
    )
    event.listen(engine, "checkout", _replace_if_closed)
    return engine


def _replace_if_closed(connection: Any, *_: object) -> None:
    """Have the pool replace a connection that the server closed, as it does when it restarts.

    Nothing is to be read on an idle connection unless the server said goodbye or closed it. One system call
    tells, where asking the server (`pool_pre_ping`) would take a message and its answer in each transaction.
    """
    readable = select.poll()
    readable.register(connection.fileno(), select.POLLIN)
    if readable.poll(0):
        raise DisconnectionError("the server closed this connection")
