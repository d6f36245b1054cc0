"""Sessions of two types: what only reads may be served by a replica; what writes commits once, at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session


class ReadSession(Session):
    """A transaction that only reads."""


class WriteSession(ReadSession):
    """A transaction that writes; `Database.write` commits it."""


class Database:
    """One PostgreSQL, reached by its URL (`postgresql://user:password@host:port/name`)."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        self._engine = create_engine(
            url.replace("postgresql://", "postgresql+psycopg://", 1),
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_pre_ping=True,
            connect_args={"connect_timeout": 5, "application_name": "oim"},
        )

    @contextmanager
    def read(self) -> Iterator[ReadSession]:
        """A read-only transaction."""
        with ReadSession(self._engine, autoflush=False) as session:
            session.execute(text("SET TRANSACTION READ ONLY"))
            yield session

    @contextmanager
    def write(self) -> Iterator[WriteSession]:
        """A transaction committed when the block ends well, undone when it raises."""
        with WriteSession(self._engine) as session, session.begin():
            yield session

    def close(self) -> None:
        self._engine.dispose()
