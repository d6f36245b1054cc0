"""Going through the trail from its first entry, to find the first that is not as it was written."""

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
    """The number and the mark of the last entry at some instant, written `12:9f…`."""

    seq: int
    mark: bytes

    def __str__(self) -> str:
        return f"{self.seq}:{self.mark.hex()}"


def load_head(session: ReadSession) -> Head | None:
    """The last entry, where there is one."""
    last = session.execute(select(AuditRow.seq, AuditRow.mark).order_by(AuditRow.seq.desc()).limit(1)).first()
    return Head(last.seq, last.mark) if last else None


def parse_head(text: str) -> Head:
    """A head as it was written. Raises BadInputError."""
    seq, _, marked = text.strip().partition(":")
    try:
        found = Head(int(seq), bytes.fromhex(marked))
        if len(found.mark) != len(GENESIS_MARK):
            raise ValueError("a mark has 32 bytes")
        return found
    except ValueError:
        raise BadInputError(
            mark("“%(text)s” is not the head of an audit trail."), text=text.strip()
        ) from None


def append_head(file: Path, latest: Head) -> None:
    """Write a head down at the end of a file, unless it is the last there."""
    if (known := read_heads(file)) and known[-1] == latest:
        return
    with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as out:
        whole, end, _ = out.read().rpartition(b"\n")
        out.seek(len(whole) + len(end))
        out.truncate()  # of a line that was cut off
        out.write(f"{latest}\n".encode())
        out.flush()
        os.fsync(out.fileno())


def read_heads(file: Path) -> list[Head]:
    """The heads of a file, oldest first; a last line that was cut off is left out. Raises BadInputError."""
    if not file.exists():
        return []
    whole, _, _ = file.read_text("utf-8").rpartition("\n")
    return [parse_head(line) for line in whole.splitlines()]


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
