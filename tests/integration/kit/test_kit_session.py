"""Transactions: what a read costs, how they survive a restart of the server, and what is executed last."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, text
from sqlalchemy.engine import Engine

from oim.features.opportunities import load_catalogue_version
from oim.features.opportunities.catalogue import change_catalogue
from oim.kit.db import Database


@contextmanager
def noted_statements() -> Iterator[list[str]]:
    """The statements that are executed in the block, by any engine."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def terminate_connections(database: Database) -> None:
    """Have the server close every connection but the one that asks for it, as a restart would."""
    with database.write() as session:
        session.execute(
            text(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                " AND usename = current_user"
            )
        )


def test_a_read_sends_its_own_statements_and_no_others(database: Database) -> None:
    with noted_statements() as statements:
        with database.read() as session:
            assert session.scalar(text("SHOW transaction_read_only")) == "on"
        with database.read():
            pass
    assert statements == ["SHOW transaction_read_only"]


def test_reads_and_writes_have_connections_of_their_own(database: Database) -> None:
    for _ in range(2):
        with database.read() as session:
            pid = session.scalar(text("SELECT pg_backend_pid()"))
            assert session.scalar(text("SHOW transaction_read_only")) == "on"
        with database.write() as session:
            assert session.scalar(text("SELECT pg_backend_pid()")) != pid
            assert session.scalar(text("SHOW transaction_read_only")) == "off"


@pytest.mark.usefixtures("nested_sessions")
@pytest.mark.parametrize("kind", ["read", "write"])
def test_connections_that_the_server_closed_are_replaced(
    database: Database, postgres: str, kind: str
) -> None:
    begin = getattr(database, kind)
    with begin() as first, begin() as second:
        pids = {session.scalar(text("SELECT pg_backend_pid()")) for session in (first, second)}
    other = Database(postgres)
    terminate_connections(other)
    other.close()
    for _ in range(3):
        with begin() as session:
            assert session.scalar(text("SELECT pg_backend_pid()")) not in pids


def test_what_is_executed_last_is_executed_once_after_everything_else(database: Database) -> None:
    last = text("SELECT 'last'")
    with noted_statements() as statements, database.write() as session:
        session.execute_last(last)
        session.execute_last(last)
        session.execute(text("SELECT 'first'"))
    assert statements == ["SELECT 'first'", "SELECT 'last'"]


def test_what_is_executed_last_is_committed_with_the_rest_or_not_at_all(database: Database) -> None:
    with database.write() as session:
        change_catalogue(session)
    first = version_of(database)

    def change_and_fail() -> None:
        with database.write() as session:
            change_catalogue(session)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_and_fail()
    assert version_of(database) == first
    with database.write() as session, session.independent() as independent:
        change_catalogue(independent)
    assert version_of(database) != first


@pytest.mark.usefixtures("nested_sessions")
def test_transactions_that_change_the_catalogue_do_not_wait_for_one_another(database: Database) -> None:
    with database.write() as slow:
        slow.execute(text("SET LOCAL lock_timeout = '5s'"))
        change_catalogue(slow)
        slow.execute(text("SELECT 1"))
        with database.write() as quick:
            quick.execute(text("SET LOCAL lock_timeout = '1s'"))
            change_catalogue(quick)
        between = version_of(database)
    assert version_of(database) != between


def version_of(database: Database) -> object:
    with database.read() as session:
        return load_catalogue_version(session)
