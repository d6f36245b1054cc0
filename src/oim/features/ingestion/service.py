"""Taking offers in, batch by batch: offers, counts, rejects and outbox rows in one transaction.

A run that is cut off leaves whole batches; reading the same file again finds them unchanged.
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

BATCH_SIZE = 250
STORED_COUNTS = ("read", "new", "changed", "unchanged", "rejected")  # of a run; what is held changes later


@dataclass(frozen=True, slots=True)
class Counts:
    """What a run read, and what became of it: read is the sum of the next four.

    `held`: how many of the new and changed wait for staff to decide.
    """

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    held: int = 0

    def __add__(self, other: Counts) -> Counts:
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
    """Store what a source gives and return the counts; `progress` hears them after each batch."""
    with database.write() as session:
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
    while batch := list(islice(items, BATCH_SIZE)):
        yield batch


def _ingest_batch(
    database: Database, source: str, run_id: int, items: Sequence[Draft | Reject], first_position: int
) -> Counts:
    try:
        with database.write() as session:
            return _store_batch(session, source, run_id, items, first_position)
    except DataError as error:
        if len(items) == 1:
            refused = _to_reject(items[0], "unstorable", str(error.orig))
            return _ingest_batch(database, source, run_id, [refused], first_position)
        middle = len(items) // 2
        first = _ingest_batch(database, source, run_id, items[:middle], first_position)
        return first + _ingest_batch(
            database, source, run_id, items[middle:], first_position + first.rejected
        )


def _store_batch(
    session: WriteSession, source: str, run_id: int, items: Sequence[Draft | Reject], first_position: int
) -> Counts:
    lock_source(session, source)
    drafts = [item for item in items if isinstance(item, Draft)]
    outcomes = store_drafts(session, source, drafts, run_id, now())
    held = screen_stored(session, drafts, outcomes)
    duplicates = [
        _to_reject(draft, "duplicate", f"id {draft.external_id}")
        for draft, stored in zip(drafts, outcomes, strict=True)
        if stored.outcome is StoreOutcome.DUPLICATE
    ]
    rejects = [item for item in items if isinstance(item, Reject)] + duplicates
    _save_rejects(session, run_id, rejects, first_position)
    counts = replace(_to_counts(outcomes, len(items), len(rejects)), held=held)
    added = {name: getattr(RunRow, name) + getattr(counts, name) for name in STORED_COUNTS}
    session.execute(update(RunRow).where(RunRow.id == run_id).values(added))
    return counts


def _to_counts(outcomes: Sequence[StoredDraft], read: int, rejected: int) -> Counts:
    tally = dict.fromkeys(StoreOutcome, 0)
    for stored in outcomes:
        tally[stored.outcome] += 1
    return Counts(
        read, tally[StoreOutcome.NEW], tally[StoreOutcome.CHANGED], tally[StoreOutcome.UNCHANGED], rejected
    )


def _to_reject(item: Draft | Reject, reason: str, detail: str) -> Reject:
    if isinstance(item, Reject):
        return item
    return make_reject(int(item.provenance.get("row", 0)), reason, detail, item.title)


def _save_rejects(session: WriteSession, run_id: int, rejects: Sequence[Reject], first_position: int) -> None:
    if rejects:
        rows = [
            {"run_id": run_id, "position": first_position + place, **asdict(reject)}
            for place, reject in enumerate(rejects)
        ]
        session.execute(insert(RejectRow), rows)


def is_last_run_unfinished(session: ReadSession, source: str) -> bool:
    """Whether the last run of a source never ended."""
    last = select(RunRow).where(RunRow.source == source).order_by(RunRow.id.desc()).limit(1)
    run = session.scalar(last)
    return run is not None and run.finished_at is None


def load_last_rejects(session: ReadSession, source: str | None = None) -> list[tuple[str, Reject]]:
    """What the last run of each source (or of one) refused: the file's name and the reject, in order."""
    last = select(func.max(RunRow.id)).group_by(RunRow.source)
    if source:
        last = last.where(RunRow.source == source)
    rows = session.execute(
        select(RunRow.origin, RejectRow)
        .join(RejectRow, RejectRow.run_id == RunRow.id)
        .where(RunRow.id.in_(last))
        .order_by(RejectRow.run_id, RejectRow.number, RejectRow.position)
    )
    return [(origin, Reject(row.number, row.reason, row.detail, row.excerpt)) for origin, row in rows]
