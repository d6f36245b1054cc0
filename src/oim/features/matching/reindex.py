"""Building a new index beside the one that serves: for another embedding model, or a faster form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from oim.features.matching import vectors
from oim.features.matching.documents import document, passage
from oim.features.matching.ports import Embedder, Engine, Index, Indexes
from oim.features.opportunities import CHANGED, Opportunity, following
from oim.kit.clock import now
from oim.kit.db import Database, emit
from oim.kit.errors import ConflictError
from oim.kit.i18n import mark

BATCH = 200
OVERLAP = timedelta(minutes=5)  # a change committed while we started may bear an earlier instant


def reindex(
    database: Database,
    indexes: Indexes,
    embedder: Embedder,
    engine: Engine,
    progress: Callable[[int], None],
) -> int:
    """Build, optimise, swap; how many offers it holds. `progress` hears how many are done.

    What changes meanwhile goes to the index in force, and is queued again for the new one after the swap.
    Raises ConflictError while another process builds.
    """
    with database.alone("reindex") as alone:
        if not alone:
            raise ConflictError(mark("The index is being rebuilt already. Try again when that has ended."))
        return _rebuild(database, indexes, embedder, engine, progress)


def _rebuild(
    database: Database,
    indexes: Indexes,
    embedder: Embedder,
    engine: Engine,
    progress: Callable[[int], None],
) -> int:
    started = now()
    name, index = indexes.create(embedder.url, embedder.dimension)
    held = fill(database, index, embedder, progress)
    index.optimize()
    index.close()
    engine.swap(name)
    _queue_again(database, started - OVERLAP)
    return held


def fill(database: Database, index: Index, embedder: Embedder, progress: Callable[[int], None]) -> int:
    """Put every offer into an index; how many there were."""
    held = 0
    for batch in _batches(database, None):
        found = vectors.of_passages(database, embedder, [passage(offer.draft) for offer in batch])
        index.upsert([document(o, v) for o, v in zip(batch, found, strict=True)])
        held += len(batch)
        progress(held)
    return held


def _batches(database: Database, changed_since: datetime | None) -> Iterator[list[Opportunity]]:
    last = None
    while True:
        with database.read() as session:
            batch = following(session, last, BATCH, changed_since=changed_since)
        if not batch:
            return
        yield batch
        last = batch[-1].id


def _queue_again(database: Database, since: datetime) -> None:
    for batch in _batches(database, since):
        with database.write() as session:
            emit(session, CHANGED, [str(offer.id) for offer in batch])
