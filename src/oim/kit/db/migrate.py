"""Bring a database to the newest schema, one process at a time."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, text

_LOCK = 0x01_4D  # any constant: who migrates holds this advisory lock


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, for the connection given."""
    alembic = Config()
    alembic.set_main_option("script_location", "oim:migrations")
    alembic.attributes["connection"] = connection
    return alembic


def migrate(url: str) -> None:
    """Apply what is missing. A second process waits for the first, then finds nothing to do."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
        connection.commit()
        try:
            command.upgrade(config(connection), "head")
            connection.commit()
        finally:
            connection.rollback()
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
            connection.commit()
    engine.dispose()
