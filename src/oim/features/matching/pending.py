"""Changes of offers that wait for the index: queued again when an index lacks them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from oim.features.opportunities import CHANGED, Opportunity, following
from oim.kit.db import Database, emit

BATCH = 200


def batches(database: Database, changed_since: datetime | None = None) -> Iterator[list[Opportunity]]:
    """Every offer, or those changed since an instant, in steps that hold no session between them."""
    last = None
    while True:
        with database.read() as session:
            batch = following(session, last, BATCH, changed_since=changed_since)
        if not batch:
            return
        yield batch
        last = batch[-1].id


def queue_again(database: Database, changed_since: datetime | None = None) -> None:
    """Have every offer, or those changed since an instant, indexed once more."""
    for batch in batches(database, changed_since):
        with database.write() as session:
            emit(session, CHANGED, [str(offer.id) for offer in batch])
