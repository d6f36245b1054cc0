"""Sessions and the outbox on a real PostgreSQL: all or nothing, oldest first, at least once."""

from collections.abc import Iterable
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import InternalError

from oim.features.opportunities.models import OrganisationRow, SourceRow
from oim.kit.db import Database, OutboxRow, count_waiting, emit, mark_done, peek
from oim.kit.errors import UnavailableError

TOPIC = "test.changed"


def written(database: Database, keys: Iterable[str], topic: str = TOPIC) -> None:
    with database.write() as session:
        emit(session, topic, keys)


def test_what_is_written_is_there_when_the_block_has_ended(database: Database) -> None:
    with database.write() as session:
        session.add(SourceRow(slug="a"))
        with database.read() as other:
            assert other.scalar(select(func.count()).select_from(SourceRow)) == 0
    with database.read() as session:
        assert session.scalar(select(SourceRow.slug)) == "a"


def test_a_block_that_fails_leaves_neither_the_change_nor_its_announcement(database: Database) -> None:
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
    written(database, ["2"])
    with database.read() as session:
        assert count_waiting(session, TOPIC) == 1


def test_a_session_that_reads_cannot_write(database: Database) -> None:
    with pytest.raises(InternalError, match="read-only"), database.read() as session:
        session.execute(text("INSERT INTO sources (slug) VALUES ('x')"))
    with database.write() as session:
        session.add(SourceRow(slug="x"))


def test_a_database_that_does_not_answer_says_so() -> None:
    nobody = Database("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(UnavailableError), nobody.read() as session:
        session.execute(text("SELECT 1"))
    with pytest.raises(UnavailableError), nobody.write() as session:
        session.execute(text("SELECT 1"))
    nobody.close()


def test_what_waits_is_read_oldest_first_and_stays_until_it_is_done(database: Database) -> None:
    written(database, [str(n) for n in range(5)])
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


def test_topics_do_not_mix_and_nothing_to_say_writes_nothing(database: Database) -> None:
    written(database, ["a"], "one.topic")
    written(database, ["b", "b"], "other.topic")
    written(database, [], "one.topic")
    with database.write() as session:
        mark_done(session, [])
    with database.read() as session:
        assert (count_waiting(session, "one.topic"), count_waiting(session, "other.topic")) == (1, 2)
        assert list(peek(session, "other.topic", 9).values()) == ["b", "b"]
        assert count_waiting(session, "no.topic") == 0
        assert session.scalar(select(func.count()).select_from(OutboxRow)) == 3


def test_what_is_announced_while_the_work_is_done_is_not_lost(database: Database) -> None:
    written(database, ["offer"])
    with database.read() as session:
        rows = peek(session, TOPIC, 9)
    written(database, ["offer"])
    with database.write() as session:
        mark_done(session, rows)
    with database.read() as session:
        assert list(peek(session, TOPIC, 9).values()) == ["offer"]
