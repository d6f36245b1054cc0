"""The audit trail: entries are committed with what they record, and every change to the trail is detected."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from people_factory import new_vault
from sqlalchemy import func, select, text
from superuser_factory import Tamper

from oim.features.audit import (
    AuditRow,
    ChainBreak,
    Entry,
    Head,
    append_head,
    list_entries,
    load_head,
    parse_head,
    read_heads,
    record_entry,
    record_heads,
    record_independently,
    verify,
)
from oim.features.audit.chain import SHARDS, append_entries, choose_shard
from oim.kit.db import Database
from oim.kit.errors import BadInputError

AWA, BELLO = UUID(int=1), UUID(int=2)
COLUMNS = "at, role, actor_id, action, resource, object_id, subject_id, detail, mark"
REPLAY = f"INSERT INTO audit (shard, seq, {COLUMNS}) SELECT {{}}, {{}}, {COLUMNS} FROM audit"


def entry(subject: UUID, number: int = 0) -> Entry:
    return Entry(
        role="person",
        actor_id=subject,
        action="read",
        resource="profile",
        subject_id=subject,
        detail={"é": number},
    )


A, B = choose_shard(entry(AWA)), choose_shard(entry(BELLO))


@pytest.fixture
def filled(database: Database) -> Database:
    """A trail with twelve entries in shard A and six in shard B, of transactions that write to both."""
    for number in range(6):
        record(database, *(entry(subject, number) for subject in (AWA, BELLO, AWA)))
    return database


def record(database: Database, *entries: Entry) -> None:
    """Record entries in one transaction."""
    with database.write() as session:
        for each in entries:
            record_entry(session, each)


def note_head(database: Database) -> Head:
    """Record where the shards end; return what is noted outside."""
    with database.write() as session:
        head = record_heads(session)
    assert head is not None
    return head


def fail_after(database: Database, *independent_entries: Entry) -> None:
    """Record entries in a transaction that then fails."""
    with database.write() as session:
        record_entry(session, entry(AWA))
        for independent_entry in independent_entries:
            record_independently(session, independent_entry)
        _ = 1 / 0


def verify_trail(database: Database, *heads: Head) -> tuple[int, ChainBreak | None]:
    with database.read() as session:
        return verify(session, heads)


def at_shards(statements: str) -> str:
    """Statements, in which {a} and {b} stand for the two shards."""
    return statements.format(a=A, b=B)


def count_entries(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(AuditRow)) or 0


def run_at_once(threads: int, work: Callable[[int], None]) -> None:
    """Run `work` in several threads that start together, each with its number."""
    barrier = Barrier(threads)

    def start(number: int) -> None:
        barrier.wait()
        work(number)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(start, range(threads)))


def test_the_two_people_of_these_tests_lie_in_two_shards() -> None:
    assert A < B
    assert choose_shard(entry(AWA)) == A


def test_an_unchanged_trail_is_intact(filled: Database) -> None:
    assert verify_trail(filled) == (18, None)


def test_a_transaction_that_is_undone_leaves_no_entry(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        fail_after(database)
    assert verify_trail(database) == (0, None)


def test_an_independent_entry_remains_when_the_transaction_is_undone(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        fail_after(database, entry(BELLO))
    assert verify_trail(database) == (1, None)


def test_entries_about_a_person_are_listed_newest_first(filled: Database) -> None:
    with filled.read() as session:
        listed = list_entries(session, BELLO)
    assert [each.detail["é"] for each in listed] == [5, 4, 3, 2, 1, 0]


def test_the_chains_stay_intact_when_many_write_at_once(database: Database) -> None:
    subjects = [uuid4() for _ in range(40)]

    def write(thread: int) -> None:
        for number in range(40):
            # In one shard all at once, in the others at odds.
            record(database, entry(subjects[(number * 7 + thread) % 40], thread), entry(AWA, number))

    run_at_once(8, write)
    assert verify_trail(database, note_head(database)) == (641, None)
    with database.read() as session:
        chains = session.execute(
            select(func.count(), func.min(AuditRow.seq), func.max(AuditRow.seq)).group_by(AuditRow.shard)
        )
        assert all(first == 1 and count == last for count, first, last in chains)


def test_transactions_that_write_to_the_same_shards_in_any_order_do_not_lock_up(database: Database) -> None:
    subjects = [uuid4() for _ in range(6)]

    def write(thread: int) -> None:
        order = subjects if thread % 2 else subjects[::-1]
        for number in range(25):
            record(database, *(entry(subject, number) for subject in order))

    run_at_once(8, write)
    assert verify_trail(database) == (8 * 25 * 6, None)


@pytest.mark.usefixtures("nested_sessions")
def test_who_reads_about_one_person_does_not_wait_for_who_reads_about_another(filled: Database) -> None:
    with filled.write() as slow:
        append_entries(slow, {A: [entry(AWA)]})
        with filled.write() as session:
            session.execute(text("SET LOCAL lock_timeout = '5s'"))
            record_entry(session, entry(BELLO))
        with filled.write() as session:
            session.execute(text("SET LOCAL lock_timeout = '5s'"))
            head = record_heads(session)
            assert head is not None
    assert verify_trail(filled, head) == (21, None)


@pytest.mark.parametrize(
    ("statements", "broken"),
    [
        ("UPDATE audit SET action = 'change' WHERE shard = {a} AND seq = 4", ChainBreak(A, 4, "changed")),
        ("UPDATE audit SET detail = '{{}}' WHERE shard = {b} AND seq = 3", ChainBreak(B, 3, "changed")),
        (
            "UPDATE audit SET at = at + interval '1 second' WHERE shard = {a} AND seq = 1",
            ChainBreak(A, 1, "changed"),
        ),
        ("UPDATE audit SET subject_id = NULL WHERE shard = {a} AND seq = 12", ChainBreak(A, 12, "changed")),
        (  # an entry is moved from one person to another
            "UPDATE audit SET subject_id = (SELECT subject_id FROM audit WHERE shard = {b} AND seq = 1)"
            " WHERE shard = {a} AND seq = 2",
            ChainBreak(A, 2, "changed"),
        ),
        ("UPDATE audit SET mark = '' WHERE shard = {a} AND seq = 5", ChainBreak(A, 5, "changed")),
        ("DELETE FROM audit WHERE shard = {a} AND seq = 4", ChainBreak(A, 4, "missing")),
        ("DELETE FROM audit WHERE shard = {b} AND seq = 1", ChainBreak(B, 1, "missing")),
        (  # two entries of a shard change places
            "UPDATE audit SET seq = 100 WHERE shard = {a} AND seq = 3;"
            "UPDATE audit SET seq = 3 WHERE shard = {a} AND seq = 8;"
            "UPDATE audit SET seq = 8 WHERE shard = {a} AND seq = 100",
            ChainBreak(A, 3, "changed"),
        ),
        (  # the first entries of two shards change places
            "UPDATE audit SET seq = 100 WHERE shard = {a} AND seq = 1;"
            "UPDATE audit SET shard = {a} WHERE shard = {b} AND seq = 1;"
            "UPDATE audit SET shard = {b}, seq = 1 WHERE shard = {a} AND seq = 100",
            ChainBreak(A, 1, "changed"),
        ),
        (  # two whole shards change places
            "UPDATE audit SET shard = 100 WHERE shard = {a};"
            "UPDATE audit SET shard = {a} WHERE shard = {b};"
            "UPDATE audit SET shard = {b} WHERE shard = 100",
            ChainBreak(A, 1, "changed"),
        ),
        ("UPDATE audit SET shard = 100 WHERE shard = {b}", ChainBreak(100, 1, "changed")),
        (  # removed, and the gap closed
            "DELETE FROM audit WHERE shard = {a} AND seq = 4;"
            # by way of negative numbers: the rows are met in any order, and no two may bear one number
            "UPDATE audit SET seq = 1 - seq WHERE shard = {a} AND seq > 4;"
            "UPDATE audit SET seq = -seq WHERE seq < 0",
            ChainBreak(A, 4, "changed"),
        ),
        (  # an old entry is played again, in its shard, in another and where the heads are
            REPLAY.format("{a}", 13) + " WHERE shard = {a} AND seq = 12",
            ChainBreak(A, 13, "changed"),
        ),
        (
            REPLAY.format("{b}", 7) + " WHERE shard = {a} AND seq = 7",
            ChainBreak(B, 7, "changed"),
        ),
        (
            REPLAY.format(0, 2) + " WHERE shard = 0 AND seq = 1",
            ChainBreak(0, 2, "changed"),
        ),
        # The recorded heads are entries like the others.
        (
            f"""UPDATE audit SET detail = '{{{{"{B}": [6]}}}}' WHERE shard = 0""",
            ChainBreak(0, 1, "changed"),
        ),
    ],
)
def test_any_change_is_detected_at_the_first_break(
    filled: Database, tamper: Tamper, statements: str, broken: ChainBreak
) -> None:
    note_head(filled)
    tamper(at_shards(statements))
    assert verify_trail(filled)[1] == broken


def test_what_is_before_the_break_is_counted_as_intact(filled: Database, tamper: Tamper) -> None:
    note_head(filled)
    tamper(at_shards("UPDATE audit SET action = 'change' WHERE shard = {b} AND seq = 4"))
    assert verify_trail(filled) == (1 + 12 + 3, ChainBreak(B, 4, "changed"))


@pytest.mark.parametrize(
    ("statements", "broken"),
    [
        ("DELETE FROM audit WHERE shard = {a} AND seq > 9", ChainBreak(A, 10, "cut")),
        ("DELETE FROM audit WHERE shard = {b} AND seq > 5", ChainBreak(B, 6, "cut")),
        ("DELETE FROM audit WHERE shard = {a}", ChainBreak(A, 1, "cut")),
        ("DELETE FROM audit WHERE shard = {b}", ChainBreak(B, 1, "cut")),
        ("DELETE FROM audit WHERE shard > 0", ChainBreak(A, 1, "cut")),
    ],
)
def test_an_end_or_a_whole_shard_that_was_removed_is_detected_by_the_recorded_heads(
    filled: Database, tamper: Tamper, statements: str, broken: ChainBreak
) -> None:
    noted = note_head(filled)
    tamper(at_shards(statements))
    assert verify_trail(filled)[1] == broken
    assert verify_trail(filled, noted)[1] == broken


def test_an_end_removed_together_with_its_heads_is_detected_by_the_head_noted_outside(
    filled: Database, tamper: Tamper
) -> None:
    earlier = note_head(filled)
    record(filled, entry(AWA), entry(BELLO))
    noted = note_head(filled)
    # Back to the first recorded heads, as an older copy of the database would be.
    tamper(
        at_shards(
            "DELETE FROM audit WHERE shard = {a} AND seq > 12;DELETE FROM audit WHERE shard = {b} AND seq > 6"
        ),
        "DELETE FROM audit WHERE shard = 0 AND seq > 1",
    )
    assert verify_trail(filled, earlier) == (19, None)  # from the trail alone nobody can tell
    assert verify_trail(filled, earlier, noted) == (19, ChainBreak(0, 2, "cut"))
    tamper("DELETE FROM audit")
    assert verify_trail(filled, noted) == (0, ChainBreak(0, 1, "cut"))


def test_an_end_that_was_removed_and_grew_again_is_detected_by_the_earlier_heads(
    filled: Database, tamper: Tamper
) -> None:
    note_head(filled)
    tamper(at_shards("DELETE FROM audit WHERE shard = {b} AND seq > 4"))
    record(filled, entry(BELLO), entry(BELLO), entry(BELLO))
    assert verify_trail(filled) == (20, ChainBreak(B, 6, "changed"))
    note_head(filled)
    assert verify_trail(filled) == (21, ChainBreak(B, 6, "changed"))


def test_a_trail_rewritten_with_the_keys_is_detected_by_a_head_noted_outside(
    filled: Database, tamper: Tamper
) -> None:
    noted = note_head(filled)
    tamper("DELETE FROM audit")
    for number in range(6):
        record(filled, *(entry(subject, number) for subject in (AWA, BELLO, AWA)))
    rewritten = note_head(filled)
    assert verify_trail(filled, rewritten) == (19, None)
    assert verify_trail(filled, noted)[1] == ChainBreak(0, 1, "changed")
    assert verify_trail(filled, noted, rewritten)[1] == ChainBreak(0, 1, "changed")


def test_an_entry_written_without_the_keys_is_detected(
    filled: Database, postgres: str, tmp_path: Path
) -> None:
    other = Database(postgres, new_vault(tmp_path))
    record(other, entry(AWA))
    other.close()
    assert verify_trail(filled)[1] == ChainBreak(A, 13, "changed")


def test_heads_are_recorded_only_when_a_shard_moved_and_only_of_those_that_did(filled: Database) -> None:
    first = note_head(filled)
    assert note_head(filled) == first
    record(filled, entry(BELLO))
    assert note_head(filled).seq == first.seq + 1
    with filled.read() as session:
        details = session.scalars(select(AuditRow.detail).where(AuditRow.shard == 0).order_by(AuditRow.seq))
        sizes = [{int(shard): len(head) for shard, head in detail.items()} for detail in details]
    assert sizes == [{A: 2, B: 2}, {A: 1, B: 2}]
    assert count_entries(filled) == 21


def test_each_head_is_written_to_the_file_once(filled: Database, tmp_path: Path) -> None:
    file = tmp_path / "heads"
    assert read_heads(file) == []
    latest = note_head(filled)
    append_head(file, latest)
    append_head(file, latest)
    assert read_heads(file) == [latest]
    file.write_text(file.read_text() + "13:ab")  # cut off while it was written
    assert read_heads(file) == [latest]
    following = Head(14, b"1" * 32)
    append_head(file, following)
    assert read_heads(file) == [latest, following]


def test_a_head_recorded_by_a_process_that_was_killed_is_written_to_the_file_by_the_next(
    filled: Database, tmp_path: Path
) -> None:
    recorded = note_head(filled)  # and killed before the file had it
    append_head(tmp_path / "heads", note_head(filled))
    assert read_heads(tmp_path / "heads") == [recorded]


@pytest.mark.parametrize("said", ["", "12", "x:00", "1:xyz"])
def test_what_is_no_head_is_refused(said: str) -> None:
    with pytest.raises(BadInputError):
        parse_head(said)


def test_an_empty_trail_has_no_head(database: Database) -> None:
    with database.write() as session:
        assert record_heads(session) is None
        assert load_head(session) is None


def test_the_shards_of_entries_are_not_the_shard_of_heads() -> None:
    assert min(SHARDS) > 0
