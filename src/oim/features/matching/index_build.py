"""Build a new index beside the one that serves, then swap: for another embedding model, or to optimise it.

Also what this needs to go through all offers: reading them in batches, and queueing them for the index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from oim.features.events import OFFER_CHANGED
from oim.features.matching import vector_cache
from oim.features.matching.documents import build_document, build_passage
from oim.features.matching.ports import Embedder, Engine, Index, Indexes
from oim.features.opportunities import Opportunity, list_after, list_changes
from oim.kit.clock import now
from oim.kit.db import Database, emit
from oim.kit.errors import ConflictError
from oim.kit.i18n import mark

# A change notes its time before it is committed, so one committed after we start may bear an earlier time.
# Changes this far back are queued once more; indexing an offer twice does no harm.
OVERLAP = timedelta(minutes=5)
BATCH_SIZE = 200  # offers per transaction
SHARE = "*rebuild"  # no source has this name: a decision of staff does not wait for a whole rebuilding


def reindex(
    database: Database,
    indexes: Indexes,
    embedder: Embedder,
    engine: Engine,
    on_progress: Callable[[int], None],
) -> int:
    """Build a new index, optimise it and have the engine serve it. Returns how many offers it holds.

    `on_progress` is called with the number of offers done. What changes meanwhile goes to the current index,
    and is queued again for the new one by the swap. Raises ConflictError while another process builds, or
    where the engine stores its indexes on another machine.
    """
    # Creating an index removes unfinished ones: a second build would delete the first under its hands.
    with database.try_lock("reindex") as locked:
        if not locked:
            raise ConflictError(mark("The index is being rebuilt already. Try again when that has ended."))
        return _build_and_swap(database, indexes, embedder, engine, on_progress)


def _build_and_swap(
    database: Database,
    indexes: Indexes,
    embedder: Embedder,
    engine: Engine,
    on_progress: Callable[[int], None],
) -> int:
    """`reindex`, under its lock."""
    # An engine that serves another index than ours stores its indexes elsewhere: it could not open a new one.
    current = indexes.current()
    if current is None or current[0] != engine.health().index:
        raise ConflictError(mark("The engine serves an index of another machine: rebuild it there."))
    since = now() - OVERLAP
    name, index = indexes.create(embedder.url, embedder.dimension)
    count = fill_index(database, index, embedder, on_progress)
    index.optimize()
    # Release the index before the engine opens it, perhaps in another process.
    index.close()
    engine.swap(name, since)
    return count


def fill_index(
    database: Database, index: Index, embedder: Embedder, on_progress: Callable[[int], None]
) -> int:
    """Put every public offer into an index. Returns how many there were."""
    count = 0
    for batch in iterate_offer_batches(database):
        vectors = vector_cache.get_or_embed_offers(
            database, embedder, [build_passage(offer.draft) for offer in batch]
        )
        index.upsert([build_document(offer, vector) for offer, vector in zip(batch, vectors, strict=True)])
        count += len(batch)
        on_progress(count)
    return count


def iterate_offer_batches(database: Database) -> Iterator[list[Opportunity]]:
    """Every public offer, open or not, in batches.

    No session is open while a batch is used: embedding may take minutes, a transaction should not.
    """
    last_id = None
    while True:
        with database.read() as session:
            batch = list_after(session, last_id, BATCH_SIZE)
        if not batch:
            return
        yield batch
        last_id = batch[-1].id


def requeue_offers(database: Database, changed_since: datetime | None = None) -> None:
    """Queue every offer, or those changed since an instant, to be indexed again, or removed if not public."""
    last_id = None
    while True:
        with database.write() as session:
            changes = list_changes(session, last_id, BATCH_SIZE)
            ids = [id_ for id_, at in changes.items() if changed_since is None or at >= changed_since]
            emit(session, OFFER_CHANGED, map(str, ids), SHARE)
        if not changes:
            return
        last_id = max(changes)
