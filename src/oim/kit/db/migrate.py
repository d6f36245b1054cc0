"""Migrate a database to the newest schema, in one process at a time."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, text

from oim.kit.db.connections import MIGRATION, create_pool
from oim.kit.db.failures import translate_errors
from oim.kit.errors import ConflictError
from oim.kit.i18n import mark

_LOCK_KEY = 0x01_4D  # any constant, the same in every process: the key of the advisory lock for migrating


def alembic_config(connection: Connection | None = None) -> Config:
    """Create Alembic's configuration; without a connection it can list migrations but not run them."""
    alembic = Config()
    alembic.set_main_option("script_location", "oim:migrations")
    alembic.attributes["connection"] = connection
    return alembic


def migrate(url: str) -> None:
    """Apply the missing migrations. A second process waits for the first, then finds nothing to do.

    Raises UnavailableError if the database does not answer or a table stays in use, and ConflictError if its
    schema is newer than this program.
    """
    engine = create_pool(url, MIGRATION)
    try:
        with translate_errors(), engine.connect() as connection:
            _upgrade(connection)
    except CommandError as error:  # Alembic does not know the revision that the database names
        raise ConflictError(
            mark("A newer OIM made this database. Run that one, or set OIM_DATABASE_URL to another.")
        ) from error
    finally:
        engine.dispose()


def _upgrade(connection: Connection) -> None:
    """Run the migrations while the connection has the advisory lock."""
    # However long the process that migrates takes: until then there is nothing to do.
    connection.execute(text("SET LOCAL lock_timeout = 0"))
    # A lock of the session, not of a transaction: each migration commits a transaction of its own.
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK_KEY})
    connection.commit()
    try:
        command.upgrade(alembic_config(connection), "head")
        connection.commit()
    finally:
        connection.rollback()  # after a failed migration no statement would be accepted, the unlock included
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK_KEY})
        connection.commit()
