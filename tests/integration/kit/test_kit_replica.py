"""Stale reads: a second database of the same server stands for a replica that lags behind."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from oim.kit.db import Database, ReadSession
from oim.kit.db import session as sessions
from oim.kit.errors import UnavailableError

NOWHERE = "postgresql://nobody@127.0.0.1:1/none"
WHERE = text("SELECT current_database()")


@pytest.fixture(scope="module")
def replica(superuser: str) -> Iterator[str]:
    """The URL of the second database."""
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("CREATE DATABASE lagging")
    url = superuser.replace("/oim?", "/lagging?")
    yield url
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("DROP DATABASE lagging WITH (FORCE)")


@pytest.fixture
def pair(postgres: str, replica: str) -> Iterator[Database]:
    held = Database(postgres, replica_url=replica, pool_size=1)
    yield held
    held.close()


def _read(database: Database) -> str:
    with database.read() as session:
        return str(session.scalar(WHERE))


def _read_stale(database: Database) -> str:
    with database.read_stale() as session:
        return str(session.scalar(WHERE))


def test_only_stale_reads_go_to_the_replica(pair: Database) -> None:
    assert (_read(pair), _read_stale(pair)) == ("oim", "lagging")
    with pair.write() as session:
        assert session.scalar(WHERE) == "oim"


def test_without_a_replica_the_database_serves(postgres: str) -> None:
    alone = Database(postgres)
    assert _read_stale(alone) == "oim"
    alone.close()


def test_a_stale_read_cannot_write(pair: Database) -> None:
    with pytest.raises(DBAPIError, match="read-only"), pair.read_stale() as session:
        session.execute(text("CREATE TABLE x (y int)"))


def test_a_replica_that_is_down_is_replaced_and_left_alone_for_a_while(
    postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr(sessions, "monotonic", lambda: clock[0])
    database = Database(postgres, replica_url=NOWHERE)
    connects: list[object] = []
    connect = database._begin_read

    def count(engine: object) -> object:
        connects.append(engine)
        return connect(engine)  # type: ignore[arg-type]

    monkeypatch.setattr(database, "_begin_read", count)
    assert [_read_stale(database) for _ in range(3)] == ["oim"] * 3
    assert connects.count(database._replica_engine) == 1, "the pause holds"
    clock[0] += sessions.REPLICA_PAUSE
    assert _read_stale(database) == "oim"
    assert connects.count(database._replica_engine) == 2
    database.close()


def test_a_replica_that_is_restarted_serves_again(
    superuser: str, replica: str, pair: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr(sessions, "monotonic", lambda: clock[0])
    assert _read_stale(pair) == "lagging"
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("ALTER DATABASE lagging ALLOW_CONNECTIONS false")
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'lagging'")
        assert _read_stale(pair) == "oim"
        connection.execute("ALTER DATABASE lagging ALLOW_CONNECTIONS true")
    clock[0] += sessions.REPLICA_PAUSE
    assert _read_stale(pair) == "lagging"


def test_an_error_of_the_caller_is_neither_hidden_nor_retried(pair: Database) -> None:
    runs = []

    def fail(session: ReadSession) -> None:
        runs.append(session.scalar(WHERE))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), pair.read_stale() as session:
        fail(session)
    assert runs == ["lagging"]
    assert _read_stale(pair) == "lagging"


def test_without_either_it_is_unavailable() -> None:
    database = Database(NOWHERE, replica_url=NOWHERE)
    with pytest.raises(UnavailableError):
        _read_stale(database)
    database.close()
