"""Going through the trail from its first entry, to find the first that is not as it was written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, fields
from typing import Literal

from sqlalchemy import select

from oim.features.audit.anchors import Head
from oim.features.audit.chain import FIRST, mark_of
from oim.features.audit.models import AuditRow
from oim.features.audit.service import Entry
from oim.kit.db import ReadSession

STEP = 1000  # entries read at once


@dataclass(frozen=True, slots=True)
class Break:
    """Where the trail is first not as it was written, and how that shows."""

    seq: int
    why: Literal["missing", "changed", "cut"]


def verify(session: ReadSession, heads: Iterable[Head] = ()) -> tuple[int, Break | None]:
    """How many entries hold, and the first break. `heads`: marks that were noted outside the database.

    Without them, entries taken from the end leave no trace.
    """
    noted = defaultdict[int, set[bytes]](set)
    for head in heads:
        noted[head.seq].add(head.mark)
    seq, mark = 0, FIRST
    entries = select(AuditRow).order_by(AuditRow.seq).execution_options(yield_per=STEP)
    with closing(session.scalars(entries)) as rows:
        for row in rows:
            if row.seq != seq + 1:
                return seq, Break(seq + 1, "missing")
            mark, seq = mark_of(session.vault, mark, row.seq, _values(row)), row.seq
            if row.mark != mark or noted.get(seq, {mark}) != {mark}:
                return seq - 1, Break(seq, "changed")
    return seq, Break(seq + 1, "cut") if noted and max(noted) > seq else None


def _values(row: AuditRow) -> Mapping[str, object]:
    return {field.name: getattr(row, field.name) for field in fields(Entry)}
