"""Ingest offers in batches: each batch stores offers, counts, rejects and outbox rows in one transaction.

A run that is interrupted leaves whole batches behind; ingesting the same file again finds them unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, astuple, dataclass, replace
from itertools import islice

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import DataError

from oim.features.ingestion.models import RejectRow, RunRow
from oim.features.ingestion.records import Reject, make_reject
from oim.features.opportunities import Draft, StoredDraft, StoreOutcome, lock_source, store_drafts
from oim.features.trust import screen_stored
from oim.kit.clock import now
from oim.kit.db import Database, ReadSession, WriteSession

BATCH_SIZE = 250  # drafts and rejects of one transaction
# The counts that are columns of `ingest_runs`. `held_for_review` is not: staff release offers later.
STORED_COUNTS = ("read", "new", "changed", "unchanged", "rejected")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many items a run read, and their outcomes: `read` is the sum of the next four.

    `held_for_review` is how many of the new and changed offers wait for a decision of staff.
    """

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    held_for_review: int = 0

    def __add__(self, other: Counts) -> Counts:
        """Add two counts field by field."""
        return Counts(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


def ingest_offers(
    database: Database,
    items: Iterable[Draft | Reject],
    *,
    source: str,
    origin: str,
    format_name: str,
    on_progress: Callable[[Counts], None] = lambda _: None,
) -> Counts:
    """Store the drafts and rejects of a source as one run; return the counts.

    `on_progress` is called with the counts so far after each batch.
    """
    # The run is committed before the first batch, so that an interrupted run leaves a trace.
    with database.write() as session:
        # This also creates the source, which the run refers to by a foreign key.
        lock_source(session, source)
        run_id = session.scalar(
            insert(RunRow).values(source=source, origin=origin, format=format_name).returning(RunRow.id)
        )
    if run_id is None:
        raise RuntimeError("the database returned no id for the run")
    counts = Counts()
    for batch in _split_batches(iter(items)):
        counts += _ingest_batch(database, source, run_id, batch, first_position=counts.rejected)
        on_progress(counts)
    with database.write() as session:
        session.execute(update(RunRow).where(RunRow.id == run_id).values(finished_at=now()))
    return counts


def _split_batches(items: Iterator[Draft | Reject]) -> Iterator[list[Draft | Reject]]:
    """Split the items into lists of `BATCH_SIZE`, reading no further than the list being filled."""
    while batch := list(islice(items, BATCH_SIZE)):
        yield batch


def _ingest_batch(
    database: Database, source: str, run_id: int, items: Sequence[Draft | Reject], first_position: int
) -> Counts:
    """Store a batch in one transaction; where the database refuses a value, reject only the item at fault.

    `first_position` is how many rejects the run has before this batch.
    """
    try:
        with database.write() as session:
            return _store_batch(session, source, run_id, items, first_position)
    # A value out of range or not storable rolls back the whole batch. Halving it isolates one bad item out
    # of 250 in eight steps, and every other item is stored.
    except DataError as error:
        if len(items) == 1:
            reject = _to_reject(items[0], "unstorable", str(error.orig))
            return _ingest_batch(database, source, run_id, [reject], first_position)
        middle = len(items) // 2
        first = _ingest_batch(database, source, run_id, items[:middle], first_position)
        return first + _ingest_batch(
            database, source, run_id, items[middle:], first_position + first.rejected
        )


def _store_batch(
    session: WriteSession, source: str, run_id: int, items: Sequence[Draft | Reject], first_position: int
) -> Counts:
    """Store the drafts and rejects of a batch, and add its counts to those of the run."""
    # Two runs of one source take turns batch by batch; else both could find an offer absent and insert it.
    lock_source(session, source)
    drafts = [item for item in items if isinstance(item, Draft)]
    outcomes = store_drafts(session, source, drafts, run_id, now())
    # In the same transaction, so that no offer is public before it was screened for fraud.
    held_count = screen_stored(session, drafts, outcomes)
    duplicates = [
        _to_reject(draft, "duplicate", f"id {draft.external_id}")
        for draft, stored in zip(drafts, outcomes, strict=True)
        if stored.outcome is StoreOutcome.DUPLICATE
    ]
    rejects = [item for item in items if isinstance(item, Reject)] + duplicates
    _save_rejects(session, run_id, rejects, first_position)
    counts = replace(_to_counts(outcomes, len(items), len(rejects)), held_for_review=held_count)
    # `SET new = new + 12`: the database adds, and no count needs to be read first.
    increments = {name: getattr(RunRow, name) + getattr(counts, name) for name in STORED_COUNTS}
    session.execute(update(RunRow).where(RunRow.id == run_id).values(increments))
    return counts


def _to_counts(outcomes: Sequence[StoredDraft], read: int, rejected: int) -> Counts:
    """Count the outcomes of a batch. Duplicates are among `rejected`."""
    tally = dict.fromkeys(StoreOutcome, 0)
    for stored in outcomes:
        tally[stored.outcome] += 1
    return Counts(
        read, tally[StoreOutcome.NEW], tally[StoreOutcome.CHANGED], tally[StoreOutcome.UNCHANGED], rejected
    )


def _to_reject(item: Draft | Reject, reason: str, detail: str) -> Reject:
    """Turn a draft that cannot be stored into a reject; a reject stays what it is."""
    if isinstance(item, Reject):
        return item
    return make_reject(int(item.provenance.get("row", 0)), reason, detail, item.title)


def _save_rejects(session: WriteSession, run_id: int, rejects: Sequence[Reject], first_position: int) -> None:
    """Save the rejects of a batch, numbered on from those of the batches before."""
    if rejects:
        rows = [
            {"run_id": run_id, "position": first_position + index, **asdict(reject)}
            for index, reject in enumerate(rejects)
        ]
        session.execute(insert(RejectRow), rows)


def is_last_run_unfinished(session: ReadSession, source: str) -> bool:
    """Whether the last run of a source was interrupted or is still going on."""
    last_run = select(RunRow).where(RunRow.source == source).order_by(RunRow.id.desc()).limit(1)
    run = session.scalar(last_run)
    return run is not None and run.finished_at is None


def load_last_rejects(session: ReadSession, source: str | None = None) -> list[tuple[str, Reject]]:
    """Load the rejects of the last run of each source, or of one source, each with the name of its file.

    In the order of sources' runs, then of rows in the file.
    """
    # Ids are given in order, so the greatest id of a source is its last run.
    last_runs = select(func.max(RunRow.id)).group_by(RunRow.source)
    if source:
        last_runs = last_runs.where(RunRow.source == source)
    rows = session.execute(
        select(RunRow.origin, RejectRow)
        .join(RejectRow, RejectRow.run_id == RunRow.id)
        .where(RunRow.id.in_(last_runs))
        .order_by(RejectRow.run_id, RejectRow.number, RejectRow.position)
    )
    return [(origin, Reject(row.number, row.reason, row.detail, row.excerpt)) for origin, row in rows]
