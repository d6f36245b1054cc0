"""Consumers of the outbox: each reads the topics it names, in order, from an offset of its own.

A consumer's offset moves after its work is done. Work is therefore done at least once, and must be
idempotent: after a kill, and when two processes run the same consumer, the same rows are handed out again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from oim.kit.db.outbox import NUMBERED_AT_ONCE, OffsetRow, OutboxRow, number_rows
from oim.kit.db.session import Database, ReadSession, WriteSession
from oim.kit.errors import UnavailableError
from oim.kit.telemetry import logger

MAX_FAILURES = 5  # in a row, after which rows are tried one by one
DELETED_EVERY = 1_000  # positions: one statement for a thousand rows costs little more than for some


@dataclass(frozen=True, slots=True)
class Consumer:
    """A reader of the outbox: its name, under which its offset is stored, and the topics it reads."""

    name: str
    topics: frozenset[str]


@dataclass(frozen=True, slots=True)
class Message:
    """A row of the outbox as a consumer gets it."""

    position: int
    topic: str
    key: str
    payload: dict[str, Any]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a consumer is: rows that wait, failures in a row, rows passed over because they failed."""

    consumer: str
    waiting: int
    failures: int
    skipped: int


Work = Callable[[Sequence[Message]], None]


def consume(
    database: Database,
    consumer: Consumer,
    work: Work,
    limit: int,
    *,
    registered: Collection[Consumer],
    until: datetime | None = None,
) -> int:
    """Hand the next rows to `work`, then move the offset past them; return how many rows.

    Rows that every consumer among `registered` has passed are deleted, sooner or later. `until`: only rows
    written until then.
    What `work` raises is raised, and the rows come again. But once a batch has failed `MAX_FAILURES` times
    its rows are handed out one by one, and those that fail alone, while others succeed, are logged, counted
    and passed over. An UnavailableError is no row's fault: it is not counted, however often it comes.
    """
    failures, messages = _read_batch(database, consumer, limit, until)
    if not messages:
        return 0
    skipped = 0
    try:
        work(messages)
    except UnavailableError:
        raise
    except Exception:
        _count_failure(database, consumer)
        if failures + 1 < MAX_FAILURES:
            raise
        skipped = _work_one_by_one(consumer, messages, work)
    with database.write() as session:
        _advance(session, consumer, messages[-1].position, skipped)
        # At once where the consumer has caught up, so that a quiet outbox is an empty one.
        first, last = (message.position // DELETED_EVERY for message in (messages[0], messages[-1]))
        if len(messages) < limit or first != last:
            _delete_passed(session, consumer, registered)
    return len(messages)


def is_waiting_for(consumer: Consumer) -> ColumnElement[bool]:
    """Build the condition that a row of the outbox is still to be done by a consumer."""
    offset = select(func.max(OffsetRow.position)).where(OffsetRow.consumer == consumer.name).scalar_subquery()
    is_ahead = OutboxRow.position.is_(None) | (OutboxRow.position > func.coalesce(offset, 0))
    return OutboxRow.topic.in_(consumer.topics) & is_ahead


def count_waiting(session: ReadSession, consumer: Consumer) -> int:
    """Count the rows that a consumer has still to do."""
    return session.scalar(select(func.count()).select_from(OutboxRow).where(is_waiting_for(consumer))) or 0


def load_progress(session: ReadSession, consumers: Collection[Consumer]) -> list[Progress]:
    """Load how far each of these consumers is."""
    offsets = {row.consumer: row for row in session.scalars(select(OffsetRow))}
    progress = []
    for consumer in consumers:
        offset, waiting = offsets.get(consumer.name), count_waiting(session, consumer)
        failures, skipped = (offset.failures, offset.skipped) if offset else (0, 0)
        progress.append(Progress(consumer.name, waiting, failures, skipped))
    return progress


def count_skipped(session: ReadSession) -> int:
    """Count the rows that consumers have passed over because they failed, ever."""
    return session.scalar(select(func.sum(OffsetRow.skipped))) or 0


def _read_batch(
    database: Database, consumer: Consumer, limit: int, until: datetime | None
) -> tuple[int, list[Message]]:
    """Read how often the next rows failed already, and these rows; number new ones where they are too few."""
    with database.read() as session:
        failures, messages = _select_next(session, consumer, limit)
    if len(messages) < limit:
        with database.write() as session:
            number_rows(session, consumer.topics, max(limit, NUMBERED_AT_ONCE))
        with database.read() as session:
            failures, messages = _select_next(session, consumer, limit)
    # Up to the first row that is too young, not without the young ones: the offset would pass over them.
    if until is not None:
        messages = list(takewhile(lambda message: message.created_at <= until, messages))
    return failures, messages


def _select_next(session: ReadSession, consumer: Consumer, limit: int) -> tuple[int, list[Message]]:
    """Load a consumer's failures and the next numbered rows."""
    columns = OffsetRow.position, OffsetRow.failures
    offset = session.execute(select(*columns).where(OffsetRow.consumer == consumer.name)).one_or_none()
    position, failures = offset or (0, 0)
    query = (
        select(OutboxRow.position, OutboxRow.topic, OutboxRow.key, OutboxRow.payload, OutboxRow.created_at)
        .where(OutboxRow.topic.in_(consumer.topics), OutboxRow.position > position)
        .order_by(OutboxRow.position)
        .limit(limit)
    )
    return failures, [Message(*row) for row in session.execute(query)]


def _work_one_by_one(consumer: Consumer, messages: Sequence[Message], work: Work) -> int:
    """Hand rows out one by one; return how many were passed over. Raises if all fail."""
    failed: list[tuple[Message, Exception]] = []
    for message in messages:
        try:
            work([message])
        except UnavailableError:
            raise
        except Exception as error:
            failed.append((message, error))
    # Where nothing succeeds the fault is hardly in the rows. A faulty row alone at the end waits for the next
    # one: it keeps nobody waiting.
    if len(failed) == len(messages):
        raise failed[0][1]
    for message, failure in failed:
        logger(__name__).error(
            "a consumer passed over a row that it cannot work on",
            consumer=consumer.name,
            topic=message.topic,
            key=message.key,
            error=type(failure).__name__,
        )
    return len(failed)


def _count_failure(database: Database, consumer: Consumer) -> None:
    """Count a failure, in a transaction of its own."""
    row = insert(OffsetRow).values(consumer=consumer.name, position=0, failures=1, skipped=0)
    with database.write() as session:
        session.execute(
            row.on_conflict_do_update(index_elements=["consumer"], set_={"failures": OffsetRow.failures + 1})
        )


def _advance(session: WriteSession, consumer: Consumer, position: int, skipped: int) -> None:
    """Move the offset forward; it stays where another process has already moved it further."""
    row = insert(OffsetRow).values(consumer=consumer.name, position=position, failures=0, skipped=skipped)
    session.execute(
        row.on_conflict_do_update(
            index_elements=["consumer"],
            set_={"position": position, "failures": 0, "skipped": OffsetRow.skipped + skipped},
            where=OffsetRow.position < position,
        )
    )


def _delete_passed(session: WriteSession, consumer: Consumer, registered: Collection[Consumer]) -> None:
    """Delete the rows of a consumer's topics that every consumer of the topic has passed."""
    offsets: dict[str, int] = dict(session.execute(select(OffsetRow.consumer, OffsetRow.position)).all())
    passed = {
        topic: min(offsets.get(reader.name, 0) for reader in registered if topic in reader.topics)
        for topic in consumer.topics
    }
    # Topics with the same last position are one range of an index.
    ranges = [
        and_(OutboxRow.topic.in_([t for t in passed if passed[t] == last]), OutboxRow.position <= last)
        for last in set(passed.values())
    ]
    # Rows that another process is deleting are left to it: two that wait for each other would deadlock.
    ids = select(OutboxRow.id).where(or_(*ranges)).with_for_update(skip_locked=True)
    session.execute(
        delete(OutboxRow).where(OutboxRow.id.in_(ids)), execution_options={"synchronize_session": False}
    )
