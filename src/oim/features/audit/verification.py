"""Verifying the trail: recompute every mark of every chain, and find the first that does not fit.

Then compare the chains with the heads that were recorded, which show ends that were cut off.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, fields
from typing import Literal

from sqlalchemy import select, text

from oim.features.audit.chain import HEADS_SHARD, compute_mark
from oim.features.audit.heads import HEADS_ACTION
from oim.features.audit.models import AuditRow
from oim.features.audit.types import EMPTY, Entry, Head
from oim.kit.db import ReadSession

BATCH_SIZE = 1000  # entries read at once
# Recorded heads that their shard does not have. The database compares them: there may be more than fit into
# memory. A head without a mark was recorded before.
_SELECT_UNMET_HEADS = text(
    "SELECT CAST(name AS int) AS shard, CAST(head->>0 AS bigint) AS seq, entry.seq IS NULL AS is_absent "
    "FROM audit AS record CROSS JOIN LATERAL jsonb_each(record.detail) AS recorded (name, head) "
    "LEFT JOIN audit AS entry ON entry.shard = CAST(name AS int) AND entry.seq = CAST(head->>0 AS bigint) "
    "WHERE record.shard = :shard AND record.action = :action "
    "AND head->>1 IS NOT NULL AND encode(entry.mark, 'hex') IS DISTINCT FROM head->>1 "
    "ORDER BY shard, seq LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """The first entry at which the trail differs from what was written, and how."""

    shard: int
    seq: int
    cause: Literal["missing", "changed", "cut"]


def verify(session: ReadSession, heads: Iterable[Head] = ()) -> tuple[int, ChainBreak | None]:
    """Verify the trail. Returns how many entries from the first on are intact, and the first break.

    Entries are in the order of their shards. `heads` were noted outside the database; without them, it goes
    unnoticed if the last recorded heads were removed, and after them any end.
    """
    # Several marks for one number mean that the trail was cut and grew again between two heads.
    noted = defaultdict[int, set[bytes]](set)
    for head in heads:
        noted[head.seq].add(head.mark)
    ends = {HEADS_SHARD: EMPTY}
    chain_break = _walk_chains(session, noted, ends)
    intact_count = sum(end.seq for end in ends.values())
    if not chain_break and noted and max(noted) > ends[HEADS_SHARD].seq:
        chain_break = ChainBreak(HEADS_SHARD, ends[HEADS_SHARD].seq + 1, "cut")
    return intact_count, chain_break or _find_unmet_head(session, ends)


def _walk_chains(
    session: ReadSession, noted: Mapping[int, set[bytes]], ends: dict[int, Head]
) -> ChainBreak | None:
    """Walk every chain up to the first break, and put into `ends` how far each is intact."""
    # Streamed: the trail may be far larger than memory.
    entries = select(AuditRow).order_by(AuditRow.shard, AuditRow.seq).execution_options(yield_per=BATCH_SIZE)
    with closing(session.scalars(entries)) as rows:
        for row in rows:
            end = ends.get(row.shard, EMPTY)
            if row.seq != end.seq + 1:
                return ChainBreak(row.shard, end.seq + 1, "missing")
            mark = compute_mark(session.vault, end.mark, row.shard, row.seq, _entry_values(row))
            noted_marks = noted.get(row.seq, {mark}) if row.shard == HEADS_SHARD else {mark}
            if row.mark != mark or noted_marks != {mark}:
                return ChainBreak(row.shard, row.seq, "changed")
            ends[row.shard] = Head(row.seq, mark)
    return None


def _find_unmet_head(session: ReadSession, ends: Mapping[int, Head]) -> ChainBreak | None:
    """Find the first recorded head that its shard does not have; the chains themselves are intact."""
    row = session.execute(_SELECT_UNMET_HEADS, {"shard": HEADS_SHARD, "action": HEADS_ACTION}).first()
    if row is None:
        return None
    if row.is_absent:
        return ChainBreak(row.shard, ends.get(row.shard, EMPTY).seq + 1, "cut")
    return ChainBreak(row.shard, row.seq, "changed")


def _entry_values(row: AuditRow) -> Mapping[str, object]:
    """Read from a row the fields that its mark covers."""
    return {field.name: getattr(row, field.name) for field in fields(Entry)}
