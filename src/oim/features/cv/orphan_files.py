"""Blobs that no document names any more: remembered in the transaction that leaves them, deleted after it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import select

from oim.features.cv.models import DocumentRow
from oim.kit.blobs import Blobs
from oim.kit.db import Database, OutboxRow, WriteSession, emit, mark_done
from oim.kit.errors import UnavailableError

TOPIC = "documents.leftovers"
BLOB_PREFIX = "documents/"  # of blobs
GRACE_PERIOD = timedelta(minutes=15)  # by when whoever keeps a blob has named it
BATCH_SIZE = 200


def mark_for_deletion(session: WriteSession, keys: Iterable[str]) -> None:
    """Have blobs deleted later, those excepted that a document names then."""
    emit(session, TOPIC, keys)


def mark_orphans_for_deletion(database: Database, blobs: Blobs) -> int:
    """Let go of blobs that no document names, as after a restore of an older database; how many."""
    there = set(blobs.keys(BLOB_PREFIX))
    with database.write() as session:
        unnamed = sorted(there - set(session.scalars(select(DocumentRow.blob))))
        mark_for_deletion(session, unnamed)
    return len(unnamed)


def try_delete_blobs(blobs: Blobs, keys: Iterable[str]) -> None:
    """Delete blobs that were let go of, where their store answers; else `sweep` does it later."""
    with suppress(UnavailableError):
        for key in keys:
            blobs.delete(key)


def sweep(database: Database, blobs: Blobs, at: datetime) -> int:
    """Delete what was let go of a while ago, the oldest first; how many blobs. Raises UnavailableError."""
    with database.read() as session:
        due = select(OutboxRow.id, OutboxRow.key).where(
            OutboxRow.topic == TOPIC, OutboxRow.created_at <= at - GRACE_PERIOD
        )
        rows = dict(session.execute(due.order_by(OutboxRow.id).limit(BATCH_SIZE)).all())
        held = select(DocumentRow.blob).where(DocumentRow.blob.in_(list(rows.values())))
        leftovers = set(rows.values()) - set(session.scalars(held))
    for key in sorted(leftovers):
        blobs.delete(key)
    with database.write() as session:
        mark_done(session, rows)
    return len(leftovers)
