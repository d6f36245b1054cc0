"""Every wait on the database has an end, by who asks: locks, statements, idle transactions, connections."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import text

from oim.kit.circuit_breaker import CircuitBreaker
from oim.kit.db import BACKGROUND, ENGINE, SITE, Database, Timeouts, connections
from oim.kit.db import session as sessions
from oim.kit.db.connections import MIGRATION
from oim.kit.db.migrate import _LOCK_KEY, migrate
from oim.kit.errors import UnavailableError

LOCK = 0x57A17  # any key of an advisory lock
TAKE_LOCK = text(f"SELECT pg_advisory_xact_lock({LOCK})")


def with_options(url: str, **options: str) -> str:
    """The URL with options of its own, which prevail over those of the role."""
    return url + "&options=" + "%20".join(f"-c%20{name}%3D{value}" for name, value in options.items())


@pytest.fixture
def holder(postgres: str) -> Iterator[psycopg.Connection]:
    """A stuck holder of the lock."""
    with psycopg.connect(postgres) as connection:
        connection.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
        yield connection


@pytest.mark.parametrize("timeouts", [SITE, ENGINE, BACKGROUND, MIGRATION])
def test_the_role_sets_the_timeouts_of_its_connections(postgres: str, timeouts: Timeouts) -> None:
    database = Database(postgres, timeouts=timeouts)
    names = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
    try:
        for begin in (database.read, database.write):
            with begin() as session:
                values = [
                    session.scalar(text(f"SELECT setting::int FROM pg_settings WHERE name = '{name}'"))
                    for name in names
                ]
            expected = (timeouts.lock, timeouts.statement, timeouts.idle_transaction)
            assert values == [1000 * seconds for seconds in expected]
    finally:
        database.close()


def test_what_waits_for_a_lock_is_stopped(postgres: str, holder: psycopg.Connection) -> None:
    database = Database(with_options(postgres, lock_timeout="50ms"))
    with pytest.raises(UnavailableError, match="being changed right now"), database.write() as session:
        session.execute(TAKE_LOCK)
    holder.rollback()
    with database.write() as session:
        session.execute(TAKE_LOCK)
    database.close()


def test_a_statement_that_takes_too_long_is_stopped(postgres: str) -> None:
    database = Database(with_options(postgres, statement_timeout="50ms"))
    with pytest.raises(UnavailableError, match="took too long"), database.read() as session:
        session.execute(text("SELECT pg_sleep(60)"))
    with database.read() as session:
        assert session.scalar(text("SELECT 1")) == 1
    database.close()


def test_a_server_that_is_frozen_is_given_up(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "PATIENCE", -0.9)
    monkeypatch.setattr("oim.kit.circuit_breaker.PAUSE", 3600.0)
    database = Database(postgres, timeouts=Timeouts(lock=1, statement=1, idle_transaction=60))
    frozen: list[int] = []

    def freeze_and_ask() -> None:
        with database.read() as session:
            frozen.append(session.scalar(text("SELECT pg_backend_pid()")) or 0)
            os.kill(frozen[0], signal.SIGSTOP)
            session.execute(text("SELECT 1"))

    def ask() -> int | None:
        with database.read() as session:
            return session.scalar(text("SELECT 1"))

    try:
        with pytest.raises(UnavailableError, match="does not answer"):
            freeze_and_ask()
        # Whoever comes next does not wait, not even for a connection; others have connections of their own.
        with pytest.raises(UnavailableError, match="does not answer"):
            ask()
        database.ping()
        monkeypatch.setattr(CircuitBreaker, "admit", lambda _: True)
        assert ask() == 1
    finally:
        for backend in frozen:
            os.kill(backend, signal.SIGCONT)
        database.close()


def test_a_transaction_that_idles_lets_go_of_its_locks(postgres: str) -> None:
    database = Database(with_options(postgres, idle_in_transaction_session_timeout="50ms"))

    def idle() -> None:
        with psycopg.connect(postgres) as other, database.write() as session:
            session.execute(TAKE_LOCK)
            # Returns as soon as the other transaction was ended.
            other.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
            session.execute(text("SELECT 1"))

    with pytest.raises(UnavailableError):
        idle()
    with database.write() as session:
        assert session.scalar(text("SELECT 1")) == 1
    database.close()


@pytest.mark.usefixtures("nested_sessions")
def test_while_all_who_write_are_stuck_others_read(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "POOL_WAIT", 0.05)
    database = Database(postgres, pool_size=1)
    with database.write() as first, database.write() as second:
        for session in (first, second):
            session.execute(text("SELECT 1"))
        with pytest.raises(UnavailableError, match="Too many people"), database.write() as third:
            third.execute(text("SELECT 1"))
        with database.read() as session:
            assert session.scalar(text("SELECT 1")) == 1
        with database.read_stale() as session:
            assert session.scalar(text("SELECT 1")) == 1
        database.ping()
    with database.write() as session:
        assert session.scalar(text("SELECT 1")) == 1
    database.close()


@pytest.mark.usefixtures("nested_sessions")
def test_health_has_a_connection_when_all_who_read_are_stuck(postgres: str) -> None:
    database = Database(postgres, pool_size=1)
    with database.read() as first, database.read() as second:
        for session in (first, second):
            session.execute(text("SELECT 1"))
        database.ping()
    database.close()


def test_a_second_migration_waits_for_the_first_however_long(postgres: str) -> None:
    waiting = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event = 'advisory' AND clock_timestamp() - query_start > '200ms'"
    )
    with psycopg.connect(postgres, autocommit=True) as first, ThreadPoolExecutor(1) as pool:
        first.execute("SELECT pg_advisory_lock(%s)", (_LOCK_KEY,))
        second = pool.submit(migrate, with_options(postgres, lock_timeout="50ms"))
        while first.execute(waiting).fetchone() == (0,):
            assert not second.done(), second.exception()
        first.execute("SELECT pg_advisory_unlock(%s)", (_LOCK_KEY,))
        second.result()
