"""Answers kept by a key: of many who ask at once one has it done, whoever dies meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from hashlib import md5, sha1, sha256
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text

from oim.kit.clock import now
from oim.kit.db import Database, IdempotentCall, StoredResult, WriteSession, run_once
from oim.kit.db.idempotency import IdempotencyRow, delete_stored_results, purge_stored_results
from oim.kit.errors import ConflictError

ASKED = IdempotentCall(uuid4(), "POST /v1/things", "7e1f", b'{"thing": 1}')
SAID = b'{"token": "axolotl"}'


def ask(database: Database, asked: IdempotentCall = ASKED, said: bytes = SAID) -> StoredResult:
    with database.write() as session:
        return run_once(session, asked, lambda: said)


def rows(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(IdempotencyRow)) or 0


def test_of_fifty_who_ask_at_once_one_has_it_done(database: Database) -> None:
    ready, done = Barrier(50), []

    def call(turn: int) -> StoredResult:
        def do() -> bytes:
            done.append(turn)
            return b"%d" % turn

        ready.wait()
        with database.write() as session:
            return run_once(session, ASKED, do)

    with ThreadPoolExecutor(50) as pool:
        given = list(pool.map(call, range(50)))
    assert len(done) == rows(database) == 1
    assert {one.content for one in given} == {b"%d" % done[0]}
    assert [one.is_replay for one in given].count(False) == 1


@pytest.mark.parametrize(
    "other", [{"owner": uuid4()}, {"owner": None}, {"scope": "PUT /v1/me"}, {"key": "8"}]
)
def test_another_caller_route_or_key_is_something_else(database: Database, other: dict[str, str]) -> None:
    ask(database)
    assert ask(database, replace(ASKED, **other), b"other") == StoredResult(b"other", is_replay=False)


def test_another_body_by_the_same_key_is_refused(database: Database) -> None:
    ask(database)
    with pytest.raises(ConflictError):
        ask(database, replace(ASKED, content=b"{}"))
    assert ask(database, said=b"new") == StoredResult(SAID, is_replay=True)


def test_what_failed_may_be_asked_again(database: Database) -> None:
    def fail(session: WriteSession) -> None:
        def do() -> bytes:
            raise KeyboardInterrupt

        run_once(session, ASKED, do)

    with pytest.raises(KeyboardInterrupt), database.write() as session:
        fail(session)
    assert rows(database) == 0
    assert not ask(database).is_replay


def test_an_answer_lies_sealed_and_is_forgotten(database: Database) -> None:
    ask(database)
    with database.read() as session:
        dumped = session.scalar(text("SELECT string_agg(t::text, '') FROM idempotent_calls t")) or ""
    hashed = [digest(ASKED.content).digest() for digest in (md5, sha1, sha256)]  # which are tried in no time
    for open_ in (SAID, ASKED.key.encode(), ASKED.content, *hashed):
        assert open_.hex() not in dumped
        assert open_.decode("latin-1") not in dumped
    with database.write() as session:
        assert purge_stored_results(session, now() - timedelta(hours=1)) == 0
        delete_stored_results(session, uuid4())
    assert rows(database) == 1
    with database.write() as session:
        delete_stored_results(session, ASKED.owner or uuid4())
    assert rows(database) == 0
