"""Sessions of two types: what only reads may be served by a replica; what writes commits once, at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from oim.kit.crypto import Vault
from oim.kit.errors import UnavailableError
from oim.kit.i18n import mark

_VAULT_KEY, _INDEPENDENT_KEY = "vault", "apart"


def require_vault(info: Mapping[str, Any]) -> Vault:
    """The keys that a database was opened with."""
    held = info[_VAULT_KEY]
    if not isinstance(held, Vault):
        raise TypeError("this database was opened without the keys")
    return held


class ReadSession(Session):
    """A transaction that only reads."""

    @property
    def vault(self) -> Vault:
        """What opens the sealed columns. Only processes that were given the keys have one."""
        return require_vault(self.info)


class WriteSession(ReadSession):
    """A transaction that writes; `Database.write` commits it."""

    @contextmanager
    def independent(self) -> Iterator[WriteSession]:
        """A transaction that is committed at once, whatever becomes of this one.

        It has connections of its own: were they those of the others, all who hold one could wait for another.
        """
        held = {name: self.info[name] for name in (_VAULT_KEY, _INDEPENDENT_KEY)}
        with WriteSession(held[_INDEPENDENT_KEY], info=held) as session, session.begin():
            yield session


@contextmanager
def _translate_errors() -> Iterator[None]:
    try:
        yield
    except (OperationalError, PoolTimeoutError) as error:
        raise UnavailableError(mark("The database does not answer. Try again in a moment.")) from error


class Database:
    """One PostgreSQL, reached by its URL (`postgresql://user:password@host:port/name`)."""

    def __init__(self, url: str, vault: Vault | None = None, *, pool_size: int = 8) -> None:
        self._engine = _create_engine(url, pool_size)
        self._independent_engine = _create_engine(url, 1)
        self._session_info: dict[str, Any] = {_VAULT_KEY: vault, _INDEPENDENT_KEY: self._independent_engine}

    @property
    def vault(self) -> Vault:
        """What opens the sealed columns."""
        return require_vault(self._session_info)

    @contextmanager
    def read(self) -> Iterator[ReadSession]:
        """A read-only transaction. Raises UnavailableError when the database does not answer."""
        with (
            _translate_errors(),
            ReadSession(self._engine, autoflush=False, info=self._session_info) as session,
        ):
            session.execute(text("SET TRANSACTION READ ONLY"))
            yield session

    @contextmanager
    def write(self) -> Iterator[WriteSession]:
        """A transaction committed when the block ends well, undone when it raises.

        Raises UnavailableError when the database does not answer.
        """
        with (
            _translate_errors(),
            WriteSession(self._engine, info=self._session_info) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def try_lock(self, task: str) -> Iterator[bool]:
        """Whether nobody else does a task of this name now; nobody else may until the block ends.

        It holds a connection without a transaction; the database forgets the hold when its holder dies.
        """
        key = {"key": int.from_bytes(sha256(task.encode()).digest()[:8], "big", signed=True)}
        with _translate_errors(), self._engine.connect() as plain:
            connection = plain.execution_options(isolation_level="AUTOCOMMIT")
            taken = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), key))
            try:
                yield taken
            finally:
                if taken:
                    connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)

    def close(self) -> None:
        self._engine.dispose()
        self._independent_engine.dispose()


def _create_engine(url: str, size: int) -> Engine:
    return create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        pool_size=size,
        max_overflow=size,
        pool_pre_ping=True,
        hide_parameters=True,  # errors are logged, and what a statement carries may be somebody's
        connect_args={"connect_timeout": 5, "application_name": "oim"},
    )
