"""Key rotation: reseal with the current key what older keys sealed, in small batches beside other work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Column, Table, func, select, tuple_, update

from oim.kit.crypto import Vault
from oim.kit.db.sealed import sealed_columns, sealing_context
from oim.kit.db.session import Database, ReadSession

BATCH = 200  # rows per transaction, so that no row stays locked for long


def reseal(database: Database, vault: Vault, on_progress: Callable[[int], None] = lambda _: None) -> int:
    """Reseal every sealed value that is not sealed by the current key; return how many.

    `on_progress` is called with the number of values of each batch.
    """
    total = 0
    for table, column in sealed_columns():
        for done in _reseal_column(database, vault, table, column):
            total += done
            on_progress(done)
    return total


def keys_in_use(session: ReadSession) -> set[str]:
    """Return the ids of the keys that seal anything in the database."""
    key_ids: set[str] = set()
    for _, column in sealed_columns():
        key_ids |= {
            key.hex()
            for key in session.scalars(select(_key_id(column)).where(column.is_not(None)).distinct())
        }
    return key_ids


def _key_id(column: Column[Any]) -> Any:
    """Return the SQL expression for the id of the key that seals a value."""
    # Bytes 2 to 5, counted from 1: a sealed value begins with a version byte and the key's id (see `Vault`).
    return func.substring(column, 2, 4)


def _reseal_column(database: Database, vault: Vault, table: Table, column: Column[Any]) -> Iterator[int]:
    """Reseal one column, batch by batch; yield the number of values of each batch."""
    keys = list(table.primary_key.columns)
    last: tuple[Any, ...] | None = None
    current = bytes.fromhex(vault.ring.current)
    while True:
        statement = select(*keys, column).where(column.is_not(None), _key_id(column) != current)
        # Keyset pagination: each batch goes on after the last primary key, so no row is read twice, not even
        # one that was changed meanwhile and is still sealed by an older key.
        if last is not None:
            statement = statement.where(tuple_(*keys) > last)
        with database.write() as session:
            rows = session.execute(statement.order_by(*keys).limit(BATCH)).all()
            for *key, sealed in rows:
                context = sealing_context(column, tuple(key))
                resealed = vault.seal(vault.open(sealed, context), context)
                # A value written meanwhile stays as it is: its writer has the current key.
                same_row = [key_column == value for key_column, value in zip(keys, key, strict=True)]
                session.execute(update(table).where(*same_row, column == sealed).values({column: resealed}))
        if not rows:
            return
        yield len(rows)
        last = tuple(rows[-1][:-1])
