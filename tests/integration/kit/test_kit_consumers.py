"""Consumers of the outbox on a real PostgreSQL: nothing lost or out of order, each at its own pace."""

from __future__ import annotations

import re
import threading
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text, update
from superuser_factory import Tamper

from oim.kit.clock import now
from oim.kit.crypto import Vault
from oim.kit.db import (
    Consumer,
    Database,
    Message,
    OutboxRow,
    consume,
    count_waiting,
    emit,
    is_waiting_for,
    load_progress,
    outbox,
)
from oim.kit.db.consumers import MAX_FAILURES
from oim.kit.errors import UnavailableError
from oim.kit.i18n import mark

_ROWS = re.compile(r"actual rows=([\d.]+)")
INDEX = Consumer("index", frozenset({"offer"}))
STREAM = Consumer("stream", frozenset({"offer", "event"}))
BOTH = (INDEX, STREAM)


def emit_keys(database: Database, keys: Iterable[str], topic: str = "offer") -> None:
    with database.write() as session:
        emit(session, topic, keys)


def read(
    database: Database, consumer: Consumer, limit: int = 100, registered: Collection[Consumer] = BOTH
) -> list[str]:
    """The keys of the next rows, which the consumer then has done."""
    keys: list[str] = []
    consume(
        database, consumer, lambda rows: keys.extend(row.key for row in rows), limit, registered=registered
    )
    return keys


def count_rows(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(OutboxRow)) or 0


def test_each_consumer_reads_its_topics_in_order_at_its_own_pace(database: Database) -> None:
    emit_keys(database, "ab")
    emit_keys(database, "c", "event")
    emit_keys(database, "d")
    assert [read(database, INDEX, 2), read(database, INDEX, 2), read(database, INDEX, 2)] == [
        ["a", "b"],
        ["d"],
        [],
    ]
    with database.read() as session:
        assert (count_waiting(session, INDEX), count_waiting(session, STREAM)) == (0, 4)
        waiting = select(OutboxRow.key).where(is_waiting_for(STREAM)).order_by(OutboxRow.id)
        assert session.scalars(waiting).all() == ["a", "b", "c", "d"]
    # In the order in which rows were numbered: "c" is of a topic that INDEX did not read.
    assert read(database, STREAM, 3) == ["a", "b", "d"]
    assert read(database, STREAM, 3) == ["c"]


def test_a_flood_of_one_share_lets_the_rows_of_another_pass(database: Database) -> None:
    flood = [f"a{number}" for number in range(2 * outbox.NUMBERED_AT_ONCE + 100)]
    with database.write() as session:
        emit(session, "offer", flood, share="a")
    before = read(database, INDEX, 32)
    with database.write() as session:
        emit(session, "offer", [f"b{number}" for number in range(10)], share="b")
    after = [key for _ in range(30) for key in read(database, INDEX, 32)]
    # What has positions comes first; then both take turns.
    first, last = after.index("b0"), after.index("b9")
    assert len(before) + first <= outbox.NUMBERED_AT_ONCE + 1
    assert last - first == 18
    assert [key for key in before + after if key.startswith("a")] == flood
    assert [key for key in after if key.startswith("b")] == [f"b{number}" for number in range(10)]


def test_more_shares_than_get_positions_at_once_take_turns_too(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oim.kit.db.consumers.NUMBERED_AT_ONCE", 8)
    for number in range(20):
        with database.write() as session:
            emit(session, "offer", [f"{number}-{row}" for row in range(40)], share=f"s{number}")
    done = [key for _ in range(30) for key in read(database, INDEX, 8)]
    # By the order of ids the last twelve shares would have had nothing by now, and half the rows were done.
    assert len(done) == 240
    assert {key.partition("-")[0] for key in done} == set(map(str, range(20)))
    assert {key: done.index(key) for key in done} == {key: at for at, key in enumerate(done)}
    for number in range(20):
        rows = [int(key.partition("-")[2]) for key in done if key.startswith(f"{number}-")]
        assert rows == list(range(len(rows)))


def test_numbering_reads_some_rows_of_a_flood_and_not_all(database: Database, tamper: Tamper) -> None:
    """By the plan with its counts: each step reads as many rows as get positions, not as many as wait."""
    count = outbox.NUMBERED_AT_ONCE
    for topic in ("offer", "event"):
        with database.write() as session:
            emit(session, topic, map(str, range(3_000)), share="a")
    tamper("ANALYZE outbox")  # PostgreSQL knows how many wait, and would read them all to find some
    with database.write() as session:
        chosen = outbox._choose_in_turn({"offer", "event"}, count, 0)
        statement = outbox._give_positions(chosen, 0)
        compiled = statement.compile(session.connection(), compile_kwargs={"literal_binds": True})
        plan = (
            session.connection().exec_driver_sql(f"EXPLAIN (ANALYZE, TIMING OFF) {compiled}").scalars().all()
        )
        numbered = session.scalars(
            select(OutboxRow.position).where(OutboxRow.position.is_not(None)).order_by(OutboxRow.position)
        ).all()
    read_rows = [int(float(found)) for line in plan for found in _ROWS.findall(line)]
    assert read_rows
    assert max(read_rows) <= 2 * count
    assert numbered == list(range(1, count + 1))


def test_a_row_is_deleted_once_every_consumer_of_its_topic_has_passed_it(database: Database) -> None:
    emit_keys(database, "abc")
    emit_keys(database, "d", "event")
    assert (read(database, INDEX), count_rows(database)) == (["a", "b", "c"], 4)
    assert (read(database, STREAM, 5), count_rows(database)) == (["a", "b", "c", "d"], 0)
    emit_keys(database, "abc")
    emit_keys(database, "d", "event")
    assert (read(database, INDEX), count_rows(database)) == (["a", "b", "c"], 4)
    assert read(database, STREAM, 2) == ["a", "b"]
    assert (read(database, STREAM), count_rows(database)) == (["c", "d"], 0)
    # Positions go on where all rows are gone, or a consumer would pass over new ones.
    emit_keys(database, "e")
    assert (read(database, INDEX), read(database, STREAM), count_rows(database)) == (["e"], ["e"], 0)


def test_passed_rows_are_deleted_now_and_then_while_a_consumer_is_behind(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oim.kit.db.consumers.DELETED_EVERY", 4)
    emit_keys(database, map(str, range(11)))
    left = []
    for _ in range(6):
        read(database, INDEX, 2, registered=[INDEX])
        left.append(count_rows(database))
    assert left == [11, 7, 7, 3, 3, 0]


@pytest.mark.usefixtures("nested_sessions")
def test_a_row_of_an_earlier_transaction_that_commits_later_is_not_lost(database: Database) -> None:
    with database.write() as early:
        emit(early, "offer", ["early"])
        early.flush()
        emit_keys(database, ["late"])
        with database.read() as session:
            assert session.scalars(select(OutboxRow.key)).all() == ["late"]
        assert read(database, INDEX) == ["late"]
    assert read(database, INDEX) == ["early"]
    with database.read() as session:
        ids = dict(session.execute(select(OutboxRow.key, OutboxRow.id)).all())
    assert ids["early"] < ids["late"]


def test_a_numbering_that_is_rolled_back_gives_its_positions_to_nobody(database: Database) -> None:
    emit_keys(database, "a")

    def number_and_fail() -> None:
        with database.write() as session:
            outbox.number_rows(session, {"offer"}, 100)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        number_and_fail()
    emit_keys(database, "b")
    assert [read(database, INDEX, 1), read(database, INDEX, 1)] == [["a"], ["b"]]


def test_rows_written_while_others_read_are_each_done_in_a_common_order(database: Database) -> None:
    written = [[f"{writer}-{number}" for number in range(40)] for writer in range(4)]
    seen: dict[str, list[str]] = {"index": [], "stream": []}
    finished = threading.Event()

    def write(keys: Sequence[str]) -> None:
        for key in keys:
            emit_keys(database, [key])

    def follow(consumer: Consumer) -> None:
        while True:
            is_last = finished.is_set()
            keys = read(database, consumer, 7)
            seen[consumer.name].extend(keys)
            if is_last and not keys:
                return

    with ThreadPoolExecutor(6) as pool:
        readers = [pool.submit(follow, consumer) for consumer in BOTH]
        for writer in [pool.submit(write, keys) for keys in written]:
            writer.result()
        finished.set()
        for reader in readers:
            reader.result()
    assert sorted(seen["index"]) == sorted(key for keys in written for key in keys)
    assert seen["index"] == seen["stream"]
    for keys in written:
        assert [key for key in seen["index"] if key in set(keys)] == keys


def test_a_consumer_killed_between_its_work_and_its_offset_gets_the_rows_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    emit_keys(database, "ab")
    done: list[str] = []

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as here:
        here.setattr("oim.kit.db.consumers._advance", killed)
        with pytest.raises(KeyboardInterrupt):
            consume(database, INDEX, lambda rows: done.extend(row.key for row in rows), 9, registered=BOTH)
    assert done == ["a", "b"]
    assert read(database, INDEX) == ["a", "b"]
    with database.read() as session:
        [progress, _] = load_progress(session, BOTH)
    assert (progress.waiting, progress.failures) == (0, 0)


def test_a_row_emitted_during_the_work_is_not_lost(database: Database) -> None:
    emit_keys(database, ["offer"])
    consume(database, INDEX, lambda _: emit_keys(database, ["offer"]), 9, registered=BOTH)
    assert read(database, INDEX) == ["offer"]


def test_a_slow_second_process_does_not_move_an_offset_back(database: Database) -> None:
    emit_keys(database, "abcd")
    seen: list[list[str]] = []

    def work_slowly(rows: Sequence[Message]) -> None:
        seen.append([row.key for row in rows])
        # Meanwhile another process of the same consumer does everything.
        seen.append(read(database, INDEX, 4))

    assert consume(database, INDEX, work_slowly, 2, registered=BOTH) == 2
    assert seen == [["a", "b"], ["a", "b", "c", "d"]]
    assert read(database, INDEX) == []


def test_a_new_consumer_starts_with_the_oldest_row_kept(database: Database) -> None:
    emit_keys(database, "ab")
    read(database, INDEX, registered=[INDEX])
    emit_keys(database, "c")
    assert read(database, INDEX) == ["c"]  # kept, since STREAM is registered from here on
    assert read(database, STREAM) == ["c"]


def test_a_young_row_holds_the_older_ones_behind_it_back(database: Database) -> None:
    emit_keys(database, "abc")
    with database.write() as session:
        ages = {"a": 3, "b": 0, "c": 3}
        for key, hours in ages.items():
            at = now() - timedelta(hours=hours)
            session.execute(update(OutboxRow).where(OutboxRow.key == key).values(created_at=at))
    keys: list[str] = []

    def work(rows: Sequence[Message]) -> None:
        keys.extend(row.key for row in rows)

    limits = now() - timedelta(hours=1), now() + timedelta(hours=1)
    counts = [
        consume(database, INDEX, work, 9, registered=BOTH, until=until) for until in (*limits, limits[1])
    ]
    assert (counts, keys) == ([1, 2, 0], ["a", "b", "c"])


class FaultyWork:
    """Work that fails on some keys, and records what it did."""

    def __init__(self, *faulty: str, error: Exception | None = None) -> None:
        self.faulty, self.error = set(faulty), error or ZeroDivisionError()
        self.done: list[str] = []

    def __call__(self, rows: Sequence[Message]) -> None:
        for row in rows:
            if row.key in self.faulty:
                raise self.error
            self.done.append(row.key)


def fail(database: Database, work: FaultyWork, times: int) -> None:
    for _ in range(times):
        with pytest.raises(type(work.error)):
            consume(database, INDEX, work, 9, registered=BOTH)


def progress_of_index(database: Database) -> tuple[int, int, int]:
    with database.read() as session:
        progress = load_progress(session, BOTH)[0]
    return progress.waiting, progress.failures, progress.skipped


def test_a_faulty_row_is_passed_over_counted_and_logged_and_the_others_are_done(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    emit_keys(database, ["a", "faulty", "b"])
    work = FaultyWork("faulty")
    fail(database, work, MAX_FAILURES - 1)
    assert progress_of_index(database) == (3, MAX_FAILURES - 1, 0)
    assert consume(database, INDEX, work, 9, registered=BOTH) == 3
    assert progress_of_index(database) == (0, 0, 1)
    assert "b" in work.done


def test_where_every_row_fails_none_is_passed_over(database: Database) -> None:
    emit_keys(database, "ab")
    fail(database, FaultyWork("a", "b"), MAX_FAILURES + 2)
    assert progress_of_index(database) == (2, MAX_FAILURES + 2, 0)
    assert read(database, INDEX) == ["a", "b"]
    assert progress_of_index(database) == (0, 0, 0)


def test_a_service_that_does_not_answer_is_no_rows_fault(database: Database) -> None:
    emit_keys(database, "ab")
    fail(database, FaultyWork("b", error=UnavailableError(mark("The database does not answer."))), 9)
    assert progress_of_index(database) == (2, 0, 0)


def test_a_service_that_stops_answering_while_rows_are_tried_one_by_one_loses_none(
    database: Database,
) -> None:
    emit_keys(database, "abc")
    fail(database, FaultyWork("b"), MAX_FAILURES - 1)

    def work(rows: Sequence[Message]) -> None:
        if len(rows) > 1 or rows[0].key == "b":
            raise ZeroDivisionError
        if rows[0].key == "c":
            raise UnavailableError(mark("The database does not answer. Try again in a moment."))

    with pytest.raises(UnavailableError):
        consume(database, INDEX, work, 9, registered=BOTH)
    assert progress_of_index(database)[::2] == (3, 0)


def test_a_restored_copy_goes_on_where_its_consumers_were(
    database: Database, postgres: str, vault: Vault, tamper: Tamper
) -> None:
    emit_keys(database, "ab")
    read(database, INDEX)
    read(database, STREAM, 1)
    with database.read() as session:  # a dump: the rows of both tables, and no sequence
        rows = [tuple(row) for row in session.execute(text("SELECT topic, key, position FROM outbox"))]
        offsets = [
            tuple(row) for row in session.execute(text("SELECT consumer, position FROM consumer_offsets"))
        ]
    tamper("DELETE FROM outbox", "DELETE FROM consumer_offsets", "ALTER TABLE outbox ALTER COLUMN id RESTART")
    with database.write() as session:
        for topic, key, position in rows:
            values = {"topic": topic, "key": key, "position": position}
            session.execute(
                text("INSERT INTO outbox (topic, key, position) VALUES (:topic, :key, :position)"), values
            )
        for consumer, position in offsets:
            values = {"consumer": consumer, "position": position}
            session.execute(text("INSERT INTO consumer_offsets VALUES (:consumer, :position, 0, 0)"), values)
    emit_keys(database, "c")
    assert (read(database, INDEX), read(database, STREAM)) == (["c"], ["b", "c"])
    assert count_rows(database) == 0
