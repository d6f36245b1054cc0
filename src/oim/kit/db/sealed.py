"""Sealed columns: personal data encrypted at rest, each value bound to its column and row.

A value copied to another row or column does not open there.
"""

from __future__ import annotations

from typing import Annotated, Any

from sqlalchemy import Column, LargeBinary, Table
from sqlalchemy.orm import InstrumentedAttribute, mapped_column

from oim.kit.db.base import Base
from oim.kit.db.session import ReadSession

_INFO_KEY = "sealed"
_SEALED_AS_KEY = "sealed_as"

Sealed = Annotated[bytes, mapped_column(LargeBinary, info={_INFO_KEY: True})]


def sealed_as(name: str) -> dict[str, object]:
    """Return the `info` of a sealed column that was renamed, whose values stay bound to its first name.

    `name` is `table.column` as it was when the first value was sealed. Migrations have no keys, so they
    cannot reseal values when they rename a column.
    """
    return {_INFO_KEY: True, _SEALED_AS_KEY: name}


def seal(session: ReadSession, column: InstrumentedAttribute[Any], key: object, plain: str | bytes) -> bytes:
    """Seal a value for a column of the row with this primary key; a tuple for a key of several columns."""
    # "replace": a text from outside may hold lone surrogates, which UTF-8 cannot encode.
    content = plain.encode("utf-8", "replace") if isinstance(plain, str) else plain
    return session.vault.seal(content, _attribute_context(column, key))


def unseal(session: ReadSession, column: InstrumentedAttribute[Any], key: object, sealed: bytes) -> str:
    """Open a sealed text. Raises UnavailableError without its key, or for another row or column."""
    return unseal_bytes(session, column, key, sealed).decode()


def unseal_bytes(
    session: ReadSession, column: InstrumentedAttribute[Any], key: object, sealed: bytes
) -> bytes:
    """Open a sealed value. Raises UnavailableError without its key, or for another row or column."""
    return session.vault.open(sealed, _attribute_context(column, key))


def sealed_columns() -> list[tuple[Table, Column[Any]]]:
    """Return every sealed column with its table; only tables whose models are imported are known."""
    return [
        (table, column)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.info.get(_INFO_KEY)
    ]


def sealing_context(column: Column[Any], key: object) -> str:
    """Return the context in which a value of this row is sealed: `table.column:key`."""
    name = column.info.get(_SEALED_AS_KEY, f"{column.table.name}.{column.name}")
    parts = key if isinstance(key, tuple) else (key,)
    joined = "/".join(part.hex() if isinstance(part, bytes) else str(part) for part in parts)
    return f"{name}:{joined}"


def _attribute_context(column: InstrumentedAttribute[Any], key: object) -> str:
    """Return the sealing context for an attribute of a model class."""
    table_column: Column[Any] = column.property.columns[0]
    return sealing_context(table_column, key)
