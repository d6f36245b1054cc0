"""The chains of entries, one a shard: which shard an entry belongs to, its mark, and appending it.

Shard 0 is the trail as it was before there were shards. Since then its only new entries are those that say
where the other shards end (see `heads`), so that its own head stands for the whole trail.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from typing import Any
from zlib import crc32

from sqlalchemy import insert, text

from oim.features.audit.models import AuditRow
from oim.features.audit.types import EMPTY, Entry, Head
from oim.kit.crypto import Vault
from oim.kit.db import ReadSession, WriteSession

HEADS_SHARD = 0
# The shards of entries. Another number is safe at any time: entries stay in the shard they were written to.
SHARDS = range(1, 65)
# Any constant serves, as long as every process uses the same. Whoever writes the next entry of a shard holds
# its advisory lock until the commit, so no two transactions continue a chain from the same entry.
_LOCK_SPACE = 0x0_A0D17
# In the order of the array. Whoever needs several locks takes them in ascending order, so that no two
# transactions wait for each other.
_LOCK = text("SELECT pg_advisory_xact_lock(:space, shard) FROM unnest(CAST(:shards AS int[])) AS shard")
# One descent of the primary key for each shard, however long the chains are.
_SELECT_HEADS = text(
    "SELECT shard, seq, mark FROM unnest(CAST(:shards AS int[])) AS wanted CROSS JOIN LATERAL "
    "(SELECT shard, seq, mark FROM audit WHERE shard = wanted ORDER BY seq DESC LIMIT 1) AS last"
)


def choose_shard(entry: Entry) -> int:
    """Choose the shard of an entry: by whom it is about, else by who did it, else by what it was done to.

    So entries stay in the order of their commits where the order says something: those about one person, and
    those about nobody that one member of staff caused.
    """
    key = entry.subject_id or entry.actor_id or entry.object_id or entry.resource
    # Not `hash`, which differs between processes.
    return SHARDS[crc32(str(key).encode()) % len(SHARDS)]


def compute_mark(vault: Vault, previous: bytes, shard: int, seq: int, values: Mapping[str, Any]) -> bytes:
    """Compute the mark of an entry: 32 bytes, a keyed hash of it, of its place and of the mark before it.

    The key lies outside the database: somebody who can only write to the database cannot make a valid mark.
    """
    json_values = {name: _to_json_value(value) for name, value in values.items()}
    # Sorted keys and ASCII only, so that the same entry gives the same bytes on any machine, at any time.
    content = json.dumps(json_values, sort_keys=True, ensure_ascii=True)
    # Entries from before there were shards have marks without one.
    place = str(seq) if shard == HEADS_SHARD else f"{shard}/{seq}"
    return vault.chain_mac(previous.hex(), place, content)


def _to_json_value(value: Any) -> Any:
    """Convert a field of an entry to a JSON value that is the same before and after storage."""
    if value is None or isinstance(value, dict):
        return value
    # Instants come back from the database in the zone of its session, hence always UTC.
    return value.astimezone(UTC).isoformat() if hasattr(value, "astimezone") else str(value)


def load_heads(session: ReadSession, shards: Iterable[int]) -> dict[int, Head]:
    """Load the head of each of these shards, as of one instant. Shards without entries are left out."""
    rows = session.execute(_SELECT_HEADS, {"shards": list(shards)})
    return {row.shard: Head(row.seq, row.mark) for row in rows}


def append_entries(session: WriteSession, entries: Mapping[int, Sequence[Entry]]) -> None:
    """Append entries to the chains of their shards. To be called just before the commit.

    Only then, because nobody else can append to these shards until this transaction ends.
    """
    shards = sorted(entries)
    # The locks come before the heads are read: a statement sees nothing that was committed after it began,
    # so both in one would read old heads after having waited.
    session.execute(_LOCK, {"space": _LOCK_SPACE, "shards": shards})
    heads = load_heads(session, shards)
    rows = []
    for shard in shards:
        head = heads.get(shard, EMPTY)
        for seq, entry in enumerate(entries[shard], head.seq + 1):
            values = {name: getattr(entry, name) for name in Entry.__slots__}
            head = Head(seq, compute_mark(session.vault, head.mark, shard, seq, values))
            rows.append({"shard": shard, "seq": seq, "mark": head.mark, **values})
    session.execute(insert(AuditRow), rows)
