"""Changes of offers that wait for the index: queued again when an index lacks them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from oim.features.opportunities import OFFER_CHANGED, Opportunity, list_after, list_changed_ids
from oim.kit.db import Database, emit

BATCH_SIZE = 200


def iterate_offer_batches(database: Database) -> Iterator[list[Opportunity]]:
    """Every offer that everybody may see, in steps that hold no session between them."""
    last = None
    while True:
        with database.read() as session:
            batch = list_after(session, last, BATCH_SIZE)
        if not batch:
            return
        yield batch
        last = batch[-1].id


def requeue_offers(database: Database, changed_since: datetime | None = None) -> None:
    """Have every offer, or those changed since an instant, indexed once more, or taken out."""
    last = None
    while True:
        with database.write() as session:
            ids = list_changed_ids(session, last, BATCH_SIZE, changed_since)
            emit(session, OFFER_CHANGED, [str(id_) for id_ in ids])
        if not ids:
            return
        last = ids[-1]
