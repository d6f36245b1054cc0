"""The trail's head, written down outside the database: what was there then cannot be taken away unseen."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from oim.features.audit.chain import GENESIS_MARK
from oim.features.audit.models import AuditRow
from oim.kit.db import ReadSession
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark


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
