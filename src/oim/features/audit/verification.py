"""Going through the trail from its first entry, to find the first that is not as it was written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, fields
from typing import Literal

from sqlalchemy import select

from oim.features.audit.anchors import Head
from oim.features.audit.chain import GENESIS_MARK, compute_mark
from oim.features.audit.models import AuditRow
from oim.features.audit.service import Entry
from oim.kit.db import ReadSession

BATCH_SIZE = 1000  # entries read at once


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """Where the trail is first not as it was written, and how that shows."""

    seq: int
    cause: Literal["missing", "changed", "cut"]


def verify(session: ReadSession, heads: Iterable[Head] = ()) -> tuple[int, ChainBreak | None]:
    """How many entries hold, and the first break. `heads`: marks that were noted outside the database.

    Without them, entries taken from the end leave no trace.
    """
    noted = defaultdict[int, set[bytes]](set)
    for head in heads:
        noted[head.seq].add(head.mark)
    seq, last_mark = 0, GENESIS_MARK
    entries = select(AuditRow).order_by(AuditRow.seq).execution_options(yield_per=BATCH_SIZE)
    with closing(session.scalars(entries)) as rows:
        for row in rows:
            if row.seq != seq + 1:
                return seq, ChainBreak(seq + 1, "missing")
            last_mark, seq = compute_mark(session.vault, last_mark, row.seq, _entry_values(row)), row.seq
            if row.mark != last_mark or noted.get(seq, {last_mark}) != {last_mark}:
                return seq - 1, ChainBreak(seq, "changed")
    return seq, ChainBreak(seq + 1, "cut") if noted and max(noted) > seq else None


def _entry_values(row: AuditRow) -> Mapping[str, object]:
    return {field.name: getattr(row, field.name) for field in fields(Entry)}
