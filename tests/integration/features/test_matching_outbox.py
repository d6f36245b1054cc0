"""Database sessions and the outbox on a real PostgreSQL: atomic, oldest first, at least once."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import InternalError

from oim.features.opportunities.models import OrganisationRow, SourceRow
from oim.kit.db import Database, OutboxRow, count_waiting, emit, mark_done, peek
from oim.kit.errors import UnavailableError

TOPIC = "test.changed"


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
        assert count_waiting(session, TOPIC) == 0
        assert session.scalar(select(func.count()).select_from(OrganisationRow)) == 0
    emit_keys(database, ["2"])
    with database.read() as session:
        assert count_waiting(session, TOPIC) == 1


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


def test_waiting_rows_are_read_oldest_first_and_stay_until_marked_done(database: Database) -> None:
    emit_keys(database, [str(n) for n in range(5)])
    with database.read() as session:
        first = peek(session, TOPIC, 3)
        assert list(first.values()) == ["0", "1", "2"]
        assert peek(session, TOPIC, 3) == first
        assert count_waiting(session, TOPIC) == 5
    for _ in range(2):
        with database.write() as session:
            mark_done(session, first)
    with database.read() as session:
        assert list(peek(session, TOPIC, 9).values()) == ["3", "4"]


def test_topics_do_not_mix_and_no_keys_write_no_rows(database: Database) -> None:
    emit_keys(database, ["a"], "one.topic")
    emit_keys(database, ["b", "b"], "other.topic")
    emit_keys(database, [], "one.topic")
    with database.write() as session:
        mark_done(session, [])
    with database.read() as session:
        assert (count_waiting(session, "one.topic"), count_waiting(session, "other.topic")) == (1, 2)
        assert list(peek(session, "other.topic", 9).values()) == ["b", "b"]
        assert count_waiting(session, "no.topic") == 0
        assert session.scalar(select(func.count()).select_from(OutboxRow)) == 3


def test_a_change_emitted_during_processing_is_not_lost(database: Database) -> None:
    emit_keys(database, ["offer"])
    with database.read() as session:
        rows = peek(session, TOPIC, 9)
    emit_keys(database, ["offer"])
    with database.write() as session:
        mark_done(session, rows)
    with database.read() as session:
        assert list(peek(session, TOPIC, 9).values()) == ["offer"]
