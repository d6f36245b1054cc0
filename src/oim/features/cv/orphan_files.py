"""Deletion of blobs that no document names any more.

The database and the store of blobs share no transaction. So the keys of blobs to delete are recorded (in the
outbox) in the transaction that drops them, and the blobs are deleted after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import select

from oim.features.cv.models import DocumentRow
from oim.features.events import FILES, FILES_LEFT, consume_next
from oim.kit.blobs import Blobs
from oim.kit.db import Database, Message, WriteSession, emit
from oim.kit.errors import UnavailableError

BLOB_PREFIX = "documents/"  # starts the key of every blob of a CV
# An upload marks its blob before it stores it. By the end of this time it has added the row that names it.
GRACE_PERIOD = timedelta(minutes=15)
BATCH_SIZE = 200  # blobs a sweep


def mark_for_deletion(session: WriteSession, keys: Iterable[str]) -> None:
    """Record blobs to be deleted by a later `delete_orphans`, except those that a document names by then."""
    emit(session, FILES_LEFT, keys)


def mark_orphans_for_deletion(database: Database, blobs: Blobs) -> int:
    """Mark blobs that no document names, as after a restore of an older database; return how many."""
    stored_keys = set(blobs.keys(BLOB_PREFIX))
    with database.write() as session:
        # The blob of an upload in progress may be among these: `delete_orphans` looks again after the grace
        # period.
        unnamed = sorted(stored_keys - set(session.scalars(select(DocumentRow.blob))))
        mark_for_deletion(session, unnamed)
    return len(unnamed)


def try_delete_blobs(blobs: Blobs, keys: Iterable[str]) -> None:
    """Delete marked blobs now if their store answers; if it does not, `delete_orphans` deletes them later."""
    with suppress(UnavailableError):
        for key in keys:
            blobs.delete(key)


def delete_orphans(database: Database, blobs: Blobs, at: datetime) -> int:
    """Delete blobs that were marked longer ago than the grace period, oldest first; return how many.

    Raises UnavailableError.
    """
    deleted = 0

    def delete_unnamed(marks: Sequence[Message]) -> None:
        nonlocal deleted
        keys = {mark.key for mark in marks}
        with database.read() as session:
            keys -= set(session.scalars(select(DocumentRow.blob).where(DocumentRow.blob.in_(keys))))
        # Deleting an unknown key is no error: after a crash the next sweep deletes the same keys again.
        for key in sorted(keys):
            blobs.delete(key)
        deleted += len(keys)

    consume_next(database, FILES, delete_unnamed, BATCH_SIZE, until=at - GRACE_PERIOD)
    return deleted
