"""Sealed columns: personal data at rest, each value bound to its column and row.

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
    """The `info` of a sealed column that was renamed: its values go on being sealed under the first name.

    `name` is `table.column` as it was when the first value was sealed. Migrations have no keys, so a value
    cannot be sealed anew when its column is renamed.
    """
    return {_INFO_KEY: True, _SEALED_AS_KEY: name}


def seal(session: ReadSession, column: InstrumentedAttribute[Any], key: object, plain: str | bytes) -> bytes:
    """A value for a column of the row with this primary key; parts of a longer key in their order."""
    content = plain.encode("utf-8", "replace") if isinstance(plain, str) else plain
    return session.vault.seal(content, _attribute_context(column, key))


def unseal(session: ReadSession, column: InstrumentedAttribute[Any], key: object, sealed: bytes) -> str:
    """The text that was sealed. Raises UnavailableError."""
    return unseal_bytes(session, column, key, sealed).decode()


def unseal_bytes(
    session: ReadSession, column: InstrumentedAttribute[Any], key: object, sealed: bytes
) -> bytes:
    """What was sealed. Raises UnavailableError."""
    return session.vault.open(sealed, _attribute_context(column, key))


def sealed_columns() -> list[tuple[Table, Column[Any]]]:
    """Every sealed column of every table."""
    return [
        (table, column)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.info.get(_INFO_KEY)
    ]


def sealing_context(column: Column[Any], key: object) -> str:
    """The name under which a value of this row is sealed: `table.column:key`, the authenticated context."""
    name = column.info.get(_SEALED_AS_KEY, f"{column.table.name}.{column.name}")
    parts = key if isinstance(key, tuple) else (key,)
    told = "/".join(part.hex() if isinstance(part, bytes) else str(part) for part in parts)
    return f"{name}:{told}"


def _attribute_context(column: InstrumentedAttribute[Any], key: object) -> str:
    held: Column[Any] = column.property.columns[0]
    return sealing_context(held, key)
