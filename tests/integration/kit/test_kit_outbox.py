"""Database sessions and the outbox on a real PostgreSQL: a change and its outbox row are one."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import InternalError

from oim.features.opportunities.models import OrganisationRow, SourceRow
from oim.kit.db import Consumer, Database, OutboxRow, count_waiting, emit, emit_payloads
from oim.kit.errors import UnavailableError

TOPIC = "test.changed"
READER = Consumer("reader", frozenset({TOPIC}))


def emit_keys(database: Database, keys: Iterable[str], topic: str = TOPIC) -> None:
    with database.write() as session:
        emit(session, topic, keys)


def test_a_write_is_visible_to_other_sessions_only_after_its_block(database: Database) -> None:
    def count_sources() -> int | None:
        with database.read() as reader:
            return reader.scalar(select(func.count()).select_from(SourceRow))

    with database.write() as session, ThreadPoolExecutor(1) as another_thread:
        session.add(SourceRow(slug="a"))
        session.flush()
        assert another_thread.submit(count_sources).result() == 0
    with database.read() as session:
        assert session.scalar(select(SourceRow.slug)) == "a"


def test_a_failing_block_stores_neither_the_change_nor_its_outbox_row(database: Database) -> None:
    def change_and_fail() -> None:
        with database.write() as session:
            session.add(OrganisationRow(id=uuid4(), name="A", name_key="a"))
            emit(session, TOPIC, ["1"])
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_and_fail()
    with database.read() as session:
        assert count_waiting(session, READER) == 0
        assert session.scalar(select(func.count()).select_from(OrganisationRow)) == 0
    emit_keys(database, ["2"])
    with database.read() as session:
        assert count_waiting(session, READER) == 1


def test_a_read_session_cannot_write(database: Database) -> None:
    with pytest.raises(InternalError, match="read-only"), database.read() as session:
        session.execute(text("INSERT INTO sources (slug) VALUES ('x')"))
    with database.write() as session:
        session.add(SourceRow(slug="x"))


def test_an_unreachable_database_raises_unavailable() -> None:
    unreachable = Database("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(UnavailableError), unreachable.read() as session:
        session.execute(text("SELECT 1"))
    with pytest.raises(UnavailableError), unreachable.write() as session:
        session.execute(text("SELECT 1"))
    unreachable.close()


def test_rows_without_and_with_a_payload_are_kept_and_no_keys_write_no_rows(database: Database) -> None:
    emit_keys(database, ["b", "b"])
    emit_keys(database, [])
    with database.write() as session:
        emit_payloads(session, TOPIC, {"c": {"version": 1}})
        emit_payloads(session, TOPIC, {})
    with database.read() as session:
        rows = session.execute(select(OutboxRow.key, OutboxRow.payload).order_by(OutboxRow.id)).all()
    assert rows == [("b", {}), ("b", {}), ("c", {"version": 1})]
