"""The transactional outbox: facts that must reach others, written in the transaction that makes them true.

Several consumers read the same rows, each at its own pace: see `consumers`. Ids cannot order the rows: of two
transactions, the one with the later ids may commit first, and a reader that had passed those would never see
the earlier ones. So a row gets its `position` only once it is visible, and positions are what readers pass.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    CTE,
    BigInteger,
    ColumnElement,
    FromClause,
    Identity,
    Index,
    Subquery,
    Update,
    and_,
    any_,
    cast,
    exists,
    func,
    insert,
    literal,
    select,
    text,
    true,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by, array
from sqlalchemy.orm import Mapped, mapped_column

from oim.kit.db.base import Base
from oim.kit.db.session import WriteSession

# Rows that get their positions together. Whoever comes next waits for these at most, however many rows of
# others are waiting without one.
NUMBERED_AT_ONCE = 256
_LOCK_KEY = 0x01_4F  # any constant, the same in every process: the key of the advisory lock for numbering


class OutboxRow(Base):
    """One fact: its topic, the key of the object it concerns, and a payload without personal data."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_unnumbered", "topic", "share", "id", postgresql_where=text("position IS NULL")),
        Index(None, "topic", "position", postgresql_where=text("position IS NOT NULL")),
        Index(None, "position", unique=True, postgresql_where=text("position IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    topic: Mapped[str]
    key: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    # By whose doing the row was written, such as a source of offers: rows of different shares take turns.
    share: Mapped[str] = mapped_column(server_default="")
    # From 1, ascending in the order in which rows became visible; None until a reader numbers the row.
    position: Mapped[int | None] = mapped_column(BigInteger)


_IN_ORDER = OutboxRow.topic, OutboxRow.share  # as the index of unnumbered rows begins


class OffsetRow(Base):
    """How far a consumer has come. One that never read has no row, and begins with the oldest row kept."""

    __tablename__ = "consumer_offsets"

    consumer: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)  # of the last row of the outbox that is done
    failures: Mapped[int]  # in a row, on what comes next
    skipped: Mapped[int]  # rows that failed alone and were passed over, ever


def emit(session: WriteSession, topic: str, keys: Iterable[str], share: str = "") -> None:
    """Insert one row per key, without a payload, in the caller's transaction.

    `share`: by whose doing. Rows of one share stay in order; those of others do not wait for them.
    """
    rows = [{"topic": topic, "key": key, "share": share} for key in keys]
    if rows:
        session.execute(insert(OutboxRow), rows)


def emit_payloads(
    session: WriteSession, topic: str, payloads: Mapping[str, Mapping[str, Any]], share: str = ""
) -> None:
    """Insert one row per key with its payload, which is JSON, in the caller's transaction.

    `share`: by whose doing, see `emit`.
    """
    rows = [
        {"topic": topic, "key": key, "payload": payload, "share": share} for key, payload in payloads.items()
    ]
    if rows:
        session.execute(insert(OutboxRow), rows)


def number_rows(session: WriteSession, topics: Collection[str], count: int) -> None:
    """Give positions to `count` unnumbered rows of these topics: to the oldest of each share in turn.

    The caller commits before it uses them: a position that was rolled back is given to another row.
    """
    if not session.scalar(select(exists().where(OutboxRow.position.is_(None), OutboxRow.topic.in_(topics)))):
        return
    # A statement of its own: the next one then sees all that the process before us in this lock committed.
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
    last_position = _last_position(session)
    chosen = _choose_in_turn(topics, count, last_position)
    session.execute(_give_positions(chosen, last_position))


def _give_positions(chosen: Subquery, last_position: int) -> Update:
    """Build the statement that numbers the chosen rows, in turn, after the last position."""
    # As one array of ids, which PostgreSQL looks up one by one. Joined with what was chosen it would read the
    # whole table, however few were: it does not know that they are few.
    in_turn = aggregate_order_by(chosen.c.id, chosen.c.turn, chosen.c.tie)
    turns = select(func.array_agg(in_turn).label("ids")).cte("turns")
    ids = cast(select(turns.c.ids).scalar_subquery(), ARRAY(BigInteger))
    position = literal(last_position, BigInteger) + func.array_position(ids, OutboxRow.id)
    statement = update(OutboxRow).where(OutboxRow.id == any_(ids)).values(position=position)
    return statement.execution_options(synchronize_session=False)


def _choose_in_turn(topics: Collection[str], count: int, last_position: int) -> Subquery:
    """Choose `count` unnumbered rows: `turn` is the place of a row in its share, `tie` that of its share."""
    flows = _list_flows(topics)
    # Of each flow `count` at most are read, from its first row on in the order of the index, however many
    # wait. Those of the next flow are left out afterwards: with `=` PostgreSQL would read and sort all of it.
    columns = *_IN_ORDER, OutboxRow.id
    is_from_first = tuple_(*columns) > tuple_(flows.c.topic, flows.c.share, 0)
    first = (
        select(*columns)
        .where(OutboxRow.position.is_(None), is_from_first)
        .order_by(*columns)
        .limit(count)
        .correlate(flows)
        .lateral("first")
    )
    is_of_flow = and_(first.c.topic == flows.c.topic, first.c.share == flows.c.share)
    turn = func.row_number().over(partition_by=flows.c.share, order_by=first.c.id).label("turn")
    # By chance, another one each time: with more shares than `count`, else, the same would always be late.
    tie = func.md5(func.concat(flows.c.share, str(last_position))).label("tie")
    waiting = select(first.c.id, turn, tie).select_from(flows.join(first, is_of_flow)).subquery()
    return select(waiting).order_by(waiting.c.turn, waiting.c.tie).limit(count).subquery()


def _list_flows(topics: Collection[str]) -> CTE:
    """List the pairs of a topic and a share that have unnumbered rows, each once.

    By one look into the index for each pair: DISTINCT would read all that waits.
    """
    listed = select(func.unnest(array(sorted(topics))).label("topic")).subquery("listed")
    pair = select(*_IN_ORDER).order_by(*_IN_ORDER).limit(1)
    first = pair.where(_is_unnumbered_of(listed)).correlate(listed).lateral("first_pair")
    flows = select(first).select_from(listed.join(first, true())).cte("flows", recursive=True)
    is_later = OutboxRow.share > flows.c.share
    following = pair.where(_is_unnumbered_of(flows), is_later).correlate(flows).lateral("next_pair")
    return flows.union_all(select(following).select_from(flows.join(following, true())))


def _is_unnumbered_of(flows: FromClause) -> ColumnElement[bool]:
    """Build the condition that a row has no position and is of the topic that `flows` names."""
    return and_(OutboxRow.position.is_(None), OutboxRow.topic == flows.c.topic)


def _last_position(session: WriteSession) -> int:
    """Find the highest position ever given."""
    # Rows that all consumers have passed are deleted; the consumers' offsets remember their positions then.
    # No sequence does it: this way the tables alone tell it, however they were copied or restored.
    columns = OutboxRow.position, OffsetRow.position
    return max(session.scalar(select(func.max(column))) or 0 for column in columns)
