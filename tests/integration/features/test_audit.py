"""The trail: entered with what it tells of or not at all, and no change of it stays unseen."""

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


def fail_after(database: Database, *apart: Entry) -> None:
    """A transaction that is undone after an entry."""
    with database.write() as session:
        record_entry(session, entry(1))
        for one in apart:
            record_independently(session, one)
        _ = 1 / 0


def verified(database: Database, *heads: Head) -> tuple[int, ChainBreak | None]:
    with database.read() as session:
        return verify(session, heads)


def tamper(database: Database, statement: str) -> None:
    with database.write() as session:
        session.execute(text(statement))


def test_it_is_as_it_was_written(filled: Database) -> None:
    assert verified(filled) == (12, None)


def test_what_is_undone_leaves_no_entry(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        fail_after(database)
    assert verified(database) == (0, None)


def test_a_refusal_is_entered_whatever_becomes_of_the_rest(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        fail_after(database, entry(2))
    assert verified(database) == (1, None)


def test_many_write_at_once_and_the_chain_holds(database: Database) -> None:
    def write(number: int) -> None:
        with database.write() as session:
            record_entry(session, entry(number))

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(write, range(60)))
    assert verified(database) == (60, None)


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
def test_whatever_is_done_to_it_is_found_at_the_first_break(
    filled: Database, statement: str, broken: ChainBreak
) -> None:
    for part in statement.split(";"):
        tamper(filled, part)
    held, found = verified(filled)
    assert found == broken
    assert held == broken.seq - 1


def test_entries_cut_off_at_the_end_are_found_by_a_head_noted_outside(filled: Database) -> None:
    with filled.read() as session:
        noted = load_head(session)
    assert noted is not None
    tamper(filled, "DELETE FROM audit WHERE seq > 9")
    assert verified(filled) == (9, None)  # from the trail alone nobody can tell
    assert verified(filled, noted) == (9, ChainBreak(10, "cut"))


def test_a_trail_written_anew_with_the_keys_is_found_by_a_head_noted_outside(filled: Database) -> None:
    with filled.read() as session:
        noted = load_head(session)
    assert noted is not None
    tamper(filled, "DELETE FROM audit")
    for number in range(12):
        with filled.write() as session:
            record_entry(session, entry(number))
    assert verified(filled) == (12, None)
    assert verified(filled, noted)[1] == ChainBreak(12, "changed")


def test_a_cut_end_that_grew_again_is_found_though_it_was_noted_again(filled: Database) -> None:
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


def test_who_has_no_keys_can_write_no_entry(filled: Database, postgres: str, tmp_path: Path) -> None:
    other = Database(postgres, new_vault(tmp_path))
    with other.write() as session:
        record_entry(session, entry(99))
    other.close()
    assert verified(filled) == (12, ChainBreak(13, "changed"))


def test_heads_are_written_down_once_each(filled: Database, tmp_path: Path) -> None:
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
