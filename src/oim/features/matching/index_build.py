"""Building a new index beside the one that serves: for another embedding model, or a faster form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from oim.features.matching import vector_cache
from oim.features.matching.documents import build_document, build_passage
from oim.features.matching.ports import Embedder, Engine, Index, Indexes
from oim.features.opportunities import OFFER_CHANGED, Opportunity, list_after, list_changed_ids
from oim.kit.clock import now
from oim.kit.db import Database, emit
from oim.kit.errors import ConflictError
from oim.kit.i18n import mark

OVERLAP = timedelta(minutes=5)  # a change committed while we started may bear an earlier instant
BATCH_SIZE = 200


def reindex(
    database: Database,
    indexes: Indexes,
    embedder: Embedder,
    engine: Engine,
    on_progress: Callable[[int], None],
) -> int:
    """Build, optimise, swap; how many offers it holds. `progress` hears how many are done.

    What changes meanwhile goes to the index in force, and is queued again for the new one by the swap.
    Raises ConflictError while another process builds, or where the engine keeps its indexes elsewhere.
    """
    with database.try_lock("reindex") as alone:
        if not alone:
            raise ConflictError(mark("The index is being rebuilt already. Try again when that has ended."))
        return _build_and_swap(database, indexes, embedder, engine, on_progress)


def _build_and_swap(
    database: Database,
    indexes: Indexes,
    embedder: Embedder,
    engine: Engine,
    on_progress: Callable[[int], None],
) -> int:
    current = indexes.current()
    if current is None or current[0] != engine.health().index:
        raise ConflictError(mark("The engine serves an index of another machine: rebuild it there."))
    since = now() - OVERLAP
    name, index = indexes.create(embedder.url, embedder.dimension)
    held = fill_index(database, index, embedder, on_progress)
    index.optimize()
    index.close()
    engine.swap(name, since)
    return held


def fill_index(
    database: Database, index: Index, embedder: Embedder, on_progress: Callable[[int], None]
) -> int:
    """Put every offer into an index; how many there were."""
    held = 0
    for batch in iterate_offer_batches(database):
        found = vector_cache.get_or_embed_offers(
            database, embedder, [build_passage(offer.draft) for offer in batch]
        )
        index.upsert([build_document(o, v) for o, v in zip(batch, found, strict=True)])
        held += len(batch)
        on_progress(held)
    return held


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
