"""Heads: where the chains end, recorded in shard 0, whose own head goes to a file outside the database.

An end that was cut off leaves no trace in the rest of a chain, and whoever has the keys could write a whole
chain anew. A recorded head shows both, for a shard that was removed whole as well.
"""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import select

from oim.features.audit.chain import HEADS_SHARD, SHARDS, append_entries, load_heads
from oim.features.audit.models import AuditRow
from oim.features.audit.types import EMPTY, Entry, Head
from oim.kit.db import ReadSession, WriteSession
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

HEADS_ACTION = "record heads"


def record_heads(session: WriteSession) -> Head | None:
    """Record the head of every shard, if any moved since the last time, and return the head of the trail.

    None if the trail is empty. The file must not have the head before the transaction is committed.
    """
    heads = load_heads(session, SHARDS)  # takes no lock: writers do not wait for it
    known = _load_recorded_heads(session)
    # The mark only of a shard that moved: heads never take up more than the entries they stand for.
    detail = {
        str(shard): [head.seq, head.mark.hex()] if known.get(str(shard)) != head.seq else [head.seq]
        for shard, head in heads.items()
    }
    if any(len(values) > 1 for values in detail.values()):
        entry = Entry(role="system", actor_id=None, action=HEADS_ACTION, resource="trail", detail=detail)
        append_entries(session, {HEADS_SHARD: [entry]})
    return load_head(session)


def _load_recorded_heads(session: ReadSession) -> dict[str, int]:
    """Load the numbers of the heads that were recorded last, by shard."""
    last = select(AuditRow.action, AuditRow.detail).where(AuditRow.shard == HEADS_SHARD)
    row = session.execute(last.order_by(AuditRow.seq.desc()).limit(1)).first()
    # The last entry from before there were shards has another action.
    if row is None or row.action != HEADS_ACTION:
        return {}
    return {shard: values[0] for shard, values in row.detail.items()}


def load_head(session: ReadSession) -> Head | None:
    """Load the head of the trail, which stands for all that `record_heads` recorded. None if it is empty."""
    return load_heads(session, [HEADS_SHARD]).get(HEADS_SHARD)


def parse_head(text: str) -> Head:
    """Parse a head written as `12:9f…`. Raises BadInputError."""
    seq, _, hex_mark = text.strip().partition(":")
    try:
        head = Head(int(seq), bytes.fromhex(hex_mark))
        if len(head.mark) != len(EMPTY.mark):
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
