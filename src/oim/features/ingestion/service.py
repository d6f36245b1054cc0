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
from oim.features.ingestion.records import Reject, refuse
from oim.features.opportunities import Draft, Outcome, Stored, hold_source, store
from oim.features.trust import screen_stored
from oim.kit.clock import now
from oim.kit.db import Database, ReadSession, WriteSession

BATCH = 250
KEPT = ("read", "new", "changed", "unchanged", "rejected")  # of a run; what is held changes later


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


def take_in(
    database: Database,
    items: Iterable[Draft | Reject],
    *,
    source: str,
    origin: str,
    form: str,
    progress: Callable[[Counts], None] = lambda _: None,
) -> Counts:
    """Store what a source gives and return the counts; `progress` hears them after each batch."""
    with database.write() as session:
        hold_source(session, source)
        run_id = session.scalar(
            insert(RunRow).values(source=source, origin=origin, format=form).returning(RunRow.id)
        )
    if run_id is None:
        raise RuntimeError("the database returned no id for the run")
    counts = Counts()
    for batch in _batches(iter(items)):
        counts += _batch(database, source, run_id, batch, first_position=counts.rejected)
        progress(counts)
    with database.write() as session:
        session.execute(update(RunRow).where(RunRow.id == run_id).values(finished_at=now()))
    return counts


def _batches(items: Iterator[Draft | Reject]) -> Iterator[list[Draft | Reject]]:
    while batch := list(islice(items, BATCH)):
        yield batch


def _batch(
    database: Database, source: str, run_id: int, items: Sequence[Draft | Reject], first_position: int
) -> Counts:
    try:
        with database.write() as session:
            return _store(session, source, run_id, items, first_position)
    except DataError as error:
        if len(items) == 1:
            refused = _refusal(items[0], "unstorable", str(error.orig))
            return _batch(database, source, run_id, [refused], first_position)
        middle = len(items) // 2
        first = _batch(database, source, run_id, items[:middle], first_position)
        return first + _batch(database, source, run_id, items[middle:], first_position + first.rejected)


def _store(
    session: WriteSession, source: str, run_id: int, items: Sequence[Draft | Reject], first_position: int
) -> Counts:
    hold_source(session, source)
    drafts = [item for item in items if isinstance(item, Draft)]
    outcomes = store(session, source, drafts, run_id, now())
    held = screen_stored(session, drafts, outcomes)
    duplicates = [
        _refusal(draft, "duplicate", f"id {draft.external_id}")
        for draft, stored in zip(drafts, outcomes, strict=True)
        if stored.outcome is Outcome.DUPLICATE
    ]
    rejects = [item for item in items if isinstance(item, Reject)] + duplicates
    _keep_rejects(session, run_id, rejects, first_position)
    counts = replace(_count(outcomes, len(items), len(rejects)), held=held)
    added = {name: getattr(RunRow, name) + getattr(counts, name) for name in KEPT}
    session.execute(update(RunRow).where(RunRow.id == run_id).values(added))
    return counts


def _count(outcomes: Sequence[Stored], read: int, rejected: int) -> Counts:
    tally = dict.fromkeys(Outcome, 0)
    for stored in outcomes:
        tally[stored.outcome] += 1
    return Counts(read, tally[Outcome.NEW], tally[Outcome.CHANGED], tally[Outcome.UNCHANGED], rejected)


def _refusal(item: Draft | Reject, reason: str, detail: str) -> Reject:
    if isinstance(item, Reject):
        return item
    return refuse(int(item.provenance.get("row", 0)), reason, detail, item.title)


def _keep_rejects(session: WriteSession, run_id: int, rejects: Sequence[Reject], first_position: int) -> None:
    if rejects:
        rows = [
            {"run_id": run_id, "position": first_position + place, **asdict(reject)}
            for place, reject in enumerate(rejects)
        ]
        session.execute(insert(RejectRow), rows)


def cut_off(session: ReadSession, source: str) -> bool:
    """Whether the last run of a source never ended."""
    last = select(RunRow).where(RunRow.source == source).order_by(RunRow.id.desc()).limit(1)
    run = session.scalar(last)
    return run is not None and run.finished_at is None


def last_rejects(session: ReadSession, source: str | None = None) -> list[tuple[str, Reject]]:
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
