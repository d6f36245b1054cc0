"""The audit trail: entries are committed with what they record, and every change to the trail is detected."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
from people_factory import new_vault
from sqlalchemy import text

from oim.features.audit import (
    ChainBreak,
    Entry,
    Head,
    append_head,
    load_head,
    parse_head,
    read_heads,
    record_entry,
    record_independently,
    verify,
)
from oim.kit.db import Database
from oim.kit.errors import BadInputError


def entry(number: int) -> Entry:
    return Entry(
        role="person",
        actor_id=UUID(int=number),
        action="read",
        resource="profile",
        subject_id=UUID(int=number),
        detail={"é": number},
    )


@pytest.fixture
def filled(database: Database) -> Database:
    for number in range(6):
        with database.write() as session:
            record_entry(session, entry(number))
            record_entry(session, entry(number + 100))
    return database


def fail_after(database: Database, *independent_entries: Entry) -> None:
    """Record entries in a transaction that then fails."""
    with database.write() as session:
        record_entry(session, entry(1))
        for independent_entry in independent_entries:
            record_independently(session, independent_entry)
        _ = 1 / 0


def verify_trail(database: Database, *heads: Head) -> tuple[int, ChainBreak | None]:
    with database.read() as session:
        return verify(session, heads)


def tamper(database: Database, statement: str) -> None:
    with database.write() as session:
        session.execute(text(statement))


def test_an_unchanged_trail_is_intact(filled: Database) -> None:
    assert verify_trail(filled) == (12, None)


def test_a_transaction_that_is_undone_leaves_no_entry(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        fail_after(database)
    assert verify_trail(database) == (0, None)


def test_an_independent_entry_remains_when_the_transaction_is_undone(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        fail_after(database, entry(2))
    assert verify_trail(database) == (1, None)


def test_the_chain_stays_intact_when_many_write_at_once(database: Database) -> None:
    def write(number: int) -> None:
        with database.write() as session:
            record_entry(session, entry(number))

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(write, range(60)))
    assert verify_trail(database) == (60, None)


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit SET action = 'change' WHERE seq = 4", ChainBreak(4, "changed")),
        ("UPDATE audit SET detail = '{}' WHERE seq = 7", ChainBreak(7, "changed")),
        ("UPDATE audit SET at = at + interval '1 second' WHERE seq = 1", ChainBreak(1, "changed")),
        ("UPDATE audit SET subject_id = NULL WHERE seq = 12", ChainBreak(12, "changed")),
        ("UPDATE audit SET mark = '' WHERE seq = 5", ChainBreak(5, "changed")),
        ("DELETE FROM audit WHERE seq = 4", ChainBreak(4, "missing")),
        ("DELETE FROM audit WHERE seq = 1", ChainBreak(1, "missing")),
        (
            "UPDATE audit SET seq = CASE seq WHEN 100 THEN 3 ELSE 100 END WHERE seq IN (3, 100);"
            "UPDATE audit SET seq = 3 WHERE seq = 8; UPDATE audit SET seq = 8 WHERE seq = 100",
            ChainBreak(3, "changed"),
        ),
        (
            "DELETE FROM audit WHERE seq = 4;"
            # by way of negative numbers: the rows are met in any order, and no two may bear one number
            "UPDATE audit SET seq = 1 - seq WHERE seq > 4; UPDATE audit SET seq = -seq WHERE seq < 0",
            ChainBreak(4, "changed"),
        ),
        (
            "INSERT INTO audit SELECT 13, at, role, actor_id, action, resource, object_id, subject_id,"
            " detail, mark FROM audit WHERE seq = 12",
            ChainBreak(13, "changed"),
        ),
    ],
)
def test_any_change_is_detected_at_the_first_break(
    filled: Database, statement: str, broken: ChainBreak
) -> None:
    for part in statement.split(";"):
        tamper(filled, part)
    intact_count, chain_break = verify_trail(filled)
    assert chain_break == broken
    assert intact_count == broken.seq - 1


def test_entries_removed_from_the_end_are_detected_by_a_head_noted_outside(filled: Database) -> None:
    with filled.read() as session:
        noted = load_head(session)
    assert noted is not None
    tamper(filled, "DELETE FROM audit WHERE seq > 9")
    assert verify_trail(filled) == (9, None)  # from the trail alone nobody can tell
    assert verify_trail(filled, noted) == (9, ChainBreak(10, "cut"))


def test_a_trail_rewritten_with_the_keys_is_detected_by_a_head_noted_outside(filled: Database) -> None:
    with filled.read() as session:
        noted = load_head(session)
    assert noted is not None
    tamper(filled, "DELETE FROM audit")
    for number in range(12):
        with filled.write() as session:
            record_entry(session, entry(number))
    assert verify_trail(filled) == (12, None)
    assert verify_trail(filled, noted)[1] == ChainBreak(12, "changed")


def test_an_end_that_was_removed_and_grew_again_is_detected_by_the_earlier_head(filled: Database) -> None:
    with filled.read() as session:
        noted = load_head(session)
    tamper(filled, "DELETE FROM audit WHERE seq > 9")
    for number in range(9, 12):
        with filled.write() as session:
            record_entry(session, entry(number))
    with filled.read() as session:
        later = load_head(session)
        assert noted
        assert later
        assert later.seq == noted.seq
        assert verify(session, [noted, later]) == (11, ChainBreak(12, "changed"))


def test_an_entry_written_without_the_keys_is_detected(
    filled: Database, postgres: str, tmp_path: Path
) -> None:
    other = Database(postgres, new_vault(tmp_path))
    with other.write() as session:
        record_entry(session, entry(99))
    other.close()
    assert verify_trail(filled) == (12, ChainBreak(13, "changed"))


def test_each_head_is_written_to_the_file_once(filled: Database, tmp_path: Path) -> None:
    file = tmp_path / "heads"
    assert read_heads(file) == []
    with filled.read() as session:
        latest = load_head(session)
    assert latest is not None
    append_head(file, latest)
    append_head(file, latest)
    assert read_heads(file) == [latest]
    file.write_text(file.read_text() + "13:ab")  # cut off while it was written
    assert read_heads(file) == [latest]
    following = Head(14, b"1" * 32)
    append_head(file, following)
    assert read_heads(file) == [latest, following]


@pytest.mark.parametrize("said", ["", "12", "x:00", "1:xyz"])
def test_what_is_no_head_is_refused(said: str) -> None:
    with pytest.raises(BadInputError):
        parse_head(said)


def test_an_empty_trail_has_no_head(database: Database) -> None:
    with database.read() as session:
        assert load_head(session) is None
