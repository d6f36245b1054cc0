"""Database sessions: one type only reads, so a replica may serve it; the other writes, and commits once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from select import POLLIN, poll
from time import monotonic
from typing import Any

from sqlalchemy import Engine, Executable, event, func, select, text
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from oim.kit import clock
from oim.kit.crypto import Vault
from oim.kit.db.connections import BACKGROUND, HEALTH, Timeouts, create_pool
from oim.kit.db.failures import translate_errors
from oim.kit.telemetry import logger

REPLICA_PAUSE = 30.0  # seconds for which a replica that did not answer is left alone
# Keys of `Session.info`.
_VAULT_KEY, _INDEPENDENT_KEY, _LAST_KEY = "vault", "independent_engine", "last_statements"
# Seconds after which a connection is replaced: what lies between may have dropped it without a word.
MAX_CONNECTION_AGE = 300
POOL_WAIT = 3.0  # seconds to wait for a connection of a pool that has none free


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


class Database:
    """One PostgreSQL database, by its URL (`postgresql://user:password@host:port/name`).

    `replica_url`, empty for none, names a copy that follows it a little behind. `timeouts` are those of the
    process that asks. What writes, what reads, what records independently and what asks for the server's
    health have connections of their own.
    """

    def __init__(
        self,
        url: str,
        vault: Vault | None = None,
        *,
        replica_url: str = "",
        pool_size: int = 8,
        timeouts: Timeouts = BACKGROUND,
    ) -> None:
        self._engine = _create_pool(url, timeouts, pool_size)
        # Reading waits for nobody's row: while every connection that writes waits for a lock, pages that
        # anybody may see still have theirs. It is soon done, so half as many serve as much.
        self._read_engine = _make_read_only(_create_pool(url, timeouts, max(1, pool_size // 2)))
        self._independent_engine = _create_pool(url, timeouts, 1)
        self._health_engine = _make_read_only(_create_pool(url, HEALTH, 1))
        self._replica_engine = (
            _make_read_only(_create_pool(replica_url, timeouts, pool_size)) if replica_url else None
        )
        self._replica_paused_until = 0.0
        self._session_info: dict[str, Any] = {_VAULT_KEY: vault, _INDEPENDENT_KEY: self._independent_engine}

    @property
    def vault(self) -> Vault:
        """The vault that opens sealed columns. Raises TypeError if the database was opened without one."""
        return require_vault(self._session_info)

    @contextmanager
    def read(self) -> Iterator[ReadSession]:
        """Yield a read-only transaction. Raises UnavailableError when the database does not answer."""
        with translate_errors():
            self._follow_clock()
            with self._begin_read(self._read_engine) as session:
                yield session

    @contextmanager
    def read_stale(self) -> Iterator[ReadSession]:
        """Yield a read-only transaction that may not see yet what was written seconds ago.

        For what is public and the same for all: lists, searches, counts. What a person has just saved is read
        by `read`, or they would not see it. The replica serves it, or the database itself while the replica
        does not answer. Raises UnavailableError when neither does.
        """
        with ExitStack() as stack:
            stack.enter_context(translate_errors())
            yield self._begin_on_replica(stack) or stack.enter_context(self._begin_read(self._read_engine))

    def _begin_on_replica(self, stack: ExitStack) -> ReadSession | None:
        """Begin a transaction on the replica, for as long as `stack`; None if it does not answer."""
        if self._replica_engine is None or monotonic() < self._replica_paused_until:
            return None
        try:
            session = stack.enter_context(self._begin_read(self._replica_engine))
            # Else a server that was just stopped, or does not answer, would raise in the caller's block.
            session.execute(text("SELECT 1"))
        except (OperationalError, PoolTimeoutError) as error:
            # Not asked again at once: each reader would wait for the timeout of a host that is gone.
            self._replica_paused_until = monotonic() + REPLICA_PAUSE
            logger(__name__).warning("the replica does not answer", error=type(error).__name__)
            return None
        return session

    @contextmanager
    def _begin_read(self, engine: Engine) -> Iterator[ReadSession]:
        """Yield a read-only transaction on one of the two servers."""
        with ReadSession(engine, autoflush=False, info=self._session_info) as session:
            yield session

    def ping(self) -> None:
        """Ask the server for an answer. Raises UnavailableError when it gives none."""
        with translate_errors(), self._begin_read(self._health_engine) as session:
            session.execute(text("SELECT 1"))

    @contextmanager
    def write(self) -> Iterator[WriteSession]:
        """Yield a transaction that is committed at the end of the block, or rolled back if the block raises.

        Raises UnavailableError when the database does not answer.
        """
        with translate_errors():
            self._follow_clock()
            with WriteSession(self._engine, info=self._session_info) as session, session._begin_and_commit():
                yield session

    def _follow_clock(self) -> None:
        """Have this process go by the server's clock, if it has not asked for the time lately."""
        # Before the transaction, whose first instants may be written ahead of its first statement.
        if clock.is_measuring_due():
            clock.follow_clock(self.measure_skew)

    def measure_skew(self, before: timedelta = timedelta()) -> timedelta:
        """Measure how far the server's clock is ahead of this host's; `before`: as `clock.measure_skew`.

        Raises UnavailableError when it does not answer.
        """
        self.ping()  # connecting takes longer than a question, and would spoil the measurement
        return clock.measure_skew(self._read_clock, before)

    def _read_clock(self) -> datetime:
        """Read the server's clock."""
        with translate_errors(), self._begin_read(self._health_engine) as session:
            at: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
            return at

    @contextmanager
    def try_lock(self, task: str) -> Iterator[bool]:
        """Try to take the lock of a task for the block; yield False if another process has it.

        The database releases the lock when the process that has it dies.
        """
        # PostgreSQL's advisory locks are named by signed 64-bit integers, so the name is hashed to one.
        key = {"key": int.from_bytes(sha256(task.encode()).digest()[:8], "big", signed=True)}
        with translate_errors(), self._engine.connect() as plain:
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
        for engine in (
            self._engine,
            self._read_engine,
            self._independent_engine,
            self._health_engine,
            self._replica_engine,
        ):
            if engine is not None:
                engine.dispose()


def _create_pool(url: str, timeouts: Timeouts, size: int) -> Engine:
    """Create a pool of up to `2 * size` connections, of which `size` stay open."""
    engine = create_pool(
        url,
        timeouts,
        pool_size=size,
        max_overflow=size,
        pool_timeout=POOL_WAIT,
        pool_recycle=MAX_CONNECTION_AGE,
        hide_parameters=True,  # errors are logged, and a statement's parameters may be personal data
    )
    event.listen(engine, "checkout", _replace_if_closed)
    return engine


def _make_read_only(engine: Engine) -> Engine:
    """Return the same pool for transactions that only read."""
    # `BEGIN READ ONLY` is one message, where setting it afterwards took a second one.
    return engine.execution_options(postgresql_readonly=True)


def _replace_if_closed(connection: Any, *_: object) -> None:
    """Have the pool replace a connection that the server closed, as it does when it restarts.

    Nothing is to be read on an idle connection unless the server said goodbye or closed it. One system call
    tells, where asking the server (`pool_pre_ping`) would take a message and its answer in each transaction.
    """
    readable = poll()
    readable.register(connection.fileno(), POLLIN)
    if readable.poll(0):
        raise DisconnectionError("the server closed this connection")
