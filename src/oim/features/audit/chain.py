"""The chains of entries, one a shard: which shard an entry belongs to, its mark, and appending it.

Shard 0 is the trail as it was before there were shards. Since then its only new entries are those that say
where the other shards end (see `heads`), so that its own head stands for the whole trail.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from typing import Any, cast
from zlib import crc32

import psycopg
from psycopg.types.json import Jsonb

from oim.features.audit.types import EMPTY, Entry, Head
from oim.kit.crypto import Vault
from oim.kit.db import ReadSession, WriteSession

HEADS_SHARD = 0
# The shards of entries. Another number is safe at any time: entries stay in the shard they were written to.
SHARDS = range(1, 65)
# Any constant serves, as long as every process uses the same. Whoever writes the next entry of a shard holds
# its advisory lock until the commit, so no two transactions continue a chain from the same entry.
_LOCK_SPACE = 0x0_A0D17
_INSERT = (
    "INSERT INTO audit "
    "(shard, seq, mark, at, role, actor_id, action, resource, object_id, subject_id, detail) VALUES "
    "(%(shard)s, %(seq)s, %(mark)s, %(at)s, %(role)s, %(actor_id)s, %(action)s, %(resource)s, "
    "%(object_id)s, %(subject_id)s, %(detail)s)"
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
    rows = session.connection().exec_driver_sql(_build_heads_query(shards))
    return {shard: Head(seq, mark) for shard, seq, mark in rows}


def _build_heads_query(shards: Iterable[int]) -> str:
    """Build the query of the heads: one descent of the primary key for each shard, however long its chain."""
    # Without parameters, so that it can be sent together with other statements; shards are numbers of ours.
    return (
        f"SELECT shard, seq, mark FROM unnest(ARRAY{list(shards)}) AS wanted CROSS JOIN LATERAL "  # noqa: S608
        "(SELECT shard, seq, mark FROM audit WHERE shard = wanted ORDER BY seq DESC LIMIT 1) AS last"
    )


def append_entries(session: WriteSession, entries: Mapping[int, Sequence[Entry]]) -> None:
    """Append entries to the chains of their shards. To be called just before the commit.

    Only then, because nobody else can append to these shards until this transaction ends.
    """
    # What the transaction changed goes out first: it may wait for others, who must not wait for our shards.
    session.flush()
    heads = _lock_and_load_heads(session, sorted(entries))
    rows = []
    for shard, entries_of_shard in entries.items():
        head = heads.get(shard, EMPTY)
        for seq, entry in enumerate(entries_of_shard, head.seq + 1):
            values = {name: getattr(entry, name) for name in Entry.__slots__}
            head = Head(seq, compute_mark(session.vault, head.mark, shard, seq, values))
            place = {"shard": shard, "seq": seq, "mark": head.mark}
            rows.append(values | place | {"detail": Jsonb(entry.detail)})
    # By the driver: every personal read does this, and SQLAlchemy's own INSERT costs as much as the read.
    session.connection().exec_driver_sql(_INSERT, rows)


def _lock_and_load_heads(session: WriteSession, shards: Sequence[int]) -> dict[int, Head]:
    """Lock shards until the transaction ends, and load their heads. `shards` ascend.

    In ascending order, so that no two transactions wait for each other.
    """
    # Sent together, but as statements of their own: a statement sees nothing that was committed after it
    # began, so one that waited for a lock would load an old head.
    locks = [f"SELECT pg_advisory_xact_lock({_LOCK_SPACE}, {shard})" for shard in shards]
    result = session.connection().exec_driver_sql("; ".join([*locks, _build_heads_query(shards)]))
    cursor = cast("psycopg.Cursor", result.cursor)
    while cursor.nextset():
        pass
    return {shard: Head(seq, mark) for shard, seq, mark in cursor.fetchall()}
