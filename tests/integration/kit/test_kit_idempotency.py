"""Idempotent calls: simultaneous and repeated calls happen once, also when one of them dies."""

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

CALL = IdempotentCall(uuid4(), "POST /v1/things", "7e1f", b'{"thing": 1}')
RESULT = b'{"token": "axolotl"}'


def run_call(database: Database, call: IdempotentCall = CALL, result: bytes = RESULT) -> StoredResult:
    with database.write() as session:
        return run_once(session, call, lambda: result)


def count_rows(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(IdempotencyRow)) or 0


def test_fifty_simultaneous_calls_happen_once(database: Database) -> None:
    ready, calls_done = Barrier(50), []

    def call_in_thread(turn: int) -> StoredResult:
        def produce() -> bytes:
            calls_done.append(turn)
            return b"%d" % turn

        # All threads begin at the same moment, so that they really race for the key.
        ready.wait()
        with database.write() as session:
            return run_once(session, CALL, produce)

    with ThreadPoolExecutor(50) as pool:
        results = list(pool.map(call_in_thread, range(50)))
    assert len(calls_done) == count_rows(database) == 1
    assert {result.content for result in results} == {b"%d" % calls_done[0]}
    assert [result.is_replay for result in results].count(False) == 1


@pytest.mark.parametrize(
    "other", [{"owner": uuid4()}, {"owner": None}, {"scope": "PUT /v1/me"}, {"key": "8"}]
)
def test_another_owner_scope_or_key_is_another_call(database: Database, other: dict[str, str]) -> None:
    run_call(database)
    assert run_call(database, replace(CALL, **other), b"other") == StoredResult(b"other", is_replay=False)


def test_another_content_with_the_same_key_is_refused(database: Database) -> None:
    run_call(database)
    with pytest.raises(ConflictError):
        run_call(database, replace(CALL, content=b"{}"))
    assert run_call(database, result=b"new") == StoredResult(RESULT, is_replay=True)


def test_a_failed_call_can_be_repeated(database: Database) -> None:
    def fail(session: WriteSession) -> None:
        def produce() -> bytes:
            # Not an Exception: no handler on the path may take it for an ordinary failure.
            raise KeyboardInterrupt

        run_once(session, CALL, produce)

    with pytest.raises(KeyboardInterrupt), database.write() as session:
        fail(session)
    assert count_rows(database) == 0
    assert not run_call(database).is_replay


def test_a_stored_result_is_sealed_and_can_be_deleted(database: Database) -> None:
    run_call(database)
    with database.read() as session:
        dumped = session.scalar(text("SELECT string_agg(t::text, '') FROM idempotent_calls t")) or ""
    # The hash of a short content without a key can be reversed by trying.
    hashes = [digest(CALL.content).digest() for digest in (md5, sha1, sha256)]
    for plain in (RESULT, CALL.key.encode(), CALL.content, *hashes):
        assert plain.hex() not in dumped
        assert plain.decode("latin-1") not in dumped
    with database.write() as session:
        assert purge_stored_results(session, now() - timedelta(hours=1)) == 0
        delete_stored_results(session, uuid4())
    assert count_rows(database) == 1
    with database.write() as session:
        delete_stored_results(session, CALL.owner or uuid4())
    assert count_rows(database) == 0
