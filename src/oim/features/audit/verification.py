"""Verifying the trail: recompute every mark from the first entry on, and find the first that does not fit.

Whoever has the keys could write a whole chain anew, and an end that was cut off leaves no trace in the rest.
Both are found by heads: the number and mark of the last entry, written to a file outside the database.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

from sqlalchemy import select

from oim.features.audit.models import AuditRow
from oim.features.audit.service import GENESIS_MARK, Entry, compute_mark
from oim.kit.db import ReadSession
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

BATCH_SIZE = 1000  # entries read at once


@dataclass(frozen=True, slots=True)
class Head:
    """The number and the mark of the last entry at some instant, written as `12:9f…`."""

    seq: int
    mark: bytes

    def __str__(self) -> str:
        return f"{self.seq}:{self.mark.hex()}"


def load_head(session: ReadSession) -> Head | None:
    """Load the head of the trail, None if the trail is empty."""
    last = session.execute(select(AuditRow.seq, AuditRow.mark).order_by(AuditRow.seq.desc()).limit(1)).first()
    return Head(last.seq, last.mark) if last else None


def parse_head(text: str) -> Head:
    """Parse a head written as `12:9f…`. Raises BadInputError."""
    seq, _, hex_mark = text.strip().partition(":")
    try:
        head = Head(int(seq), bytes.fromhex(hex_mark))
        if len(head.mark) != len(GENESIS_MARK):
            raise ValueError("a mark has 32 bytes")
        return head
    except ValueError:
        raise BadInputError(
            mark("“%(text)s” is not the head of an audit trail."), text=text.strip()
        ) from None


def append_head(file: Path, latest: Head) -> None:
    """Append a head to a file, unless it is the last there already. Creates the file if there is none."""
    if (known := read_heads(file)) and known[-1] == latest:
        return
    # Neither "a" (which cannot truncate a half line) nor "w" (which would empty the file): opened in place,
    # readable by its owner only.
    with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as out:
        complete_lines, newline, _ = out.read().rpartition(b"\n")
        out.seek(len(complete_lines) + len(newline))
        out.truncate()  # drops a last line that was cut off when a process was killed
        out.write(f"{latest}\n".encode())
        out.flush()
        os.fsync(out.fileno())


def read_heads(file: Path) -> list[Head]:
    """Read the heads of a file, oldest first; a last line that was cut off is ignored.

    Raises BadInputError.
    """
    if not file.exists():
        return []
    complete_lines, _, _ = file.read_text("utf-8").rpartition("\n")
    return [parse_head(line) for line in complete_lines.splitlines()]


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """The first entry at which the trail differs from what was written, and how."""

    seq: int
    cause: Literal["missing", "changed", "cut"]


def verify(session: ReadSession, heads: Iterable[Head] = ()) -> tuple[int, ChainBreak | None]:
    """Verify the trail. Returns how many entries from the first on are intact, and the first break.

    `heads` were noted outside the database; without them, entries removed from the end go unnoticed.
    """
    # Several marks for one number mean that the trail was cut and grew again between two heads.
    noted = defaultdict[int, set[bytes]](set)
    for head in heads:
        noted[head.seq].add(head.mark)
    seq, last_mark = 0, GENESIS_MARK
    # Streamed: the trail may be far larger than memory.
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
    """Read from a row the fields that its mark covers."""
    return {field.name: getattr(row, field.name) for field in fields(Entry)}
