"""Sealing again, by the current key, what older keys sealed: in small steps, beside who reads and writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Column, Table, func, select, tuple_, update

from oim.kit.crypto import Vault
from oim.kit.db.sealed import sealed_columns, sealing_context
from oim.kit.db.session import Database, ReadSession

BATCH = 200  # rows a transaction


def reseal(database: Database, vault: Vault, on_progress: Callable[[int], None] = lambda _: None) -> int:
    """Seal every column again that another key than the current one sealed; how many values."""
    total = 0
    for table, column in sealed_columns():
        for done in _reseal_column(database, vault, table, column):
            total += done
            on_progress(done)
    return total


def keys_in_use(session: ReadSession) -> set[str]:
    """The ids of the keys that sealed anything here."""
    used: set[str] = set()
    for _, column in sealed_columns():
        used |= {
            key.hex()
            for key in session.scalars(select(_key_id(column)).where(column.is_not(None)).distinct())
        }
    return used


def _key_id(column: Column[Any]) -> Any:
    return func.substring(column, 2, 4)  # see `Vault`: a version, then the key's id


def _reseal_column(database: Database, vault: Vault, table: Table, column: Column[Any]) -> Iterator[int]:
    """Rows in the order of their keys, so that each is looked at once however many are left behind."""
    keys = list(table.primary_key.columns)
    last: tuple[Any, ...] | None = None
    current = bytes.fromhex(vault.ring.current)
    while True:
        wanted = select(*keys, column).where(column.is_not(None), _key_id(column) != current)
        if last is not None:
            wanted = wanted.where(tuple_(*keys) > last)
        with database.write() as session:
            rows = session.execute(wanted.order_by(*keys).limit(BATCH)).all()
            for *key, sealed in rows:
                place = sealing_context(column, tuple(key))
                anew = vault.seal(vault.open(sealed, place), place)
                # A value written meanwhile stays as it is: whoever wrote it has the current key.
                same = [held == value for held, value in zip(keys, key, strict=True)]
                session.execute(update(table).where(*same, column == sealed).values({column: anew}))
        if not rows:
            return
        yield len(rows)
        last = tuple(rows[-1][:-1])
