"""Migrate a database to the newest schema, in one process at a time, and lay the application's rights."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import ProgrammingError

from oim.kit.db.connections import MIGRATION, create_pool
from oim.kit.db.failures import translate_errors
from oim.kit.errors import ConflictError
from oim.kit.i18n import mark

_LOCK_KEY = 0x01_4D  # any constant, the same in every process: the key of the advisory lock for migrating
_NO_RIGHT = mark(
    "The database must be migrated, and the role of this URL may not change its tables. "
    "Set OIM_DATABASE_OWNER_URL to that of their owner."
)


def alembic_config(connection: Connection | None = None, application_role: str = "") -> Config:
    """Create Alembic's configuration; without a connection it can list migrations but not run them.

    `application_role`: the role that gets the rights of the application; empty: nobody does.
    """
    alembic = Config()
    alembic.set_main_option("script_location", "oim:migrations")
    alembic.attributes |= {"connection": connection, "application_role": application_role}
    return alembic


def migrate(url: str, application_url: str = "") -> None:
    """Apply the missing migrations. A second process waits for the first, then finds nothing to do.

    `application_url`: where the application connects as another role than `url`, which then owns the tables
    and gives that role its rights. Raises UnavailableError if the database does not answer or a table stays
    in use, and ConflictError if its schema is newer than this program, or this role may not change it.
    """
    role = _find_role(application_url) if application_url not in ("", url) else ""
    engine = create_pool(url, MIGRATION)
    try:
        with translate_errors(), engine.connect() as connection:
            _upgrade(connection, role)
    except CommandError as error:  # Alembic does not know the revision that the database names
        raise ConflictError(
            mark("A newer OIM made this database. Run that one, or set OIM_DATABASE_URL to another.")
        ) from error
    except ProgrammingError as error:
        if not isinstance(error.orig, InsufficientPrivilege):
            raise
        raise ConflictError(_NO_RIGHT) from error
    finally:
        engine.dispose()


def _find_role(url: str) -> str:
    """Find as which role one connects by a URL. Where it does not name one, the server is asked."""
    if role := make_url(url).username:
        return role
    engine = create_pool(url, MIGRATION)
    try:
        with translate_errors(), engine.connect() as connection:
            return connection.scalar(text("SELECT current_user")) or ""
    finally:
        engine.dispose()


def _upgrade(connection: Connection, application_role: str) -> None:
    """Run the migrations while the connection has the advisory lock."""
    # However long the process that migrates takes: until then there is nothing to do.
    connection.execute(text("SET LOCAL lock_timeout = 0"))
    # A lock of the session, not of a transaction: each migration commits a transaction of its own.
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK_KEY})
    connection.commit()
    try:
        command.upgrade(alembic_config(connection, application_role), "head")
        connection.commit()
    finally:
        connection.rollback()  # after a failed migration no statement would be accepted, the unlock included
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK_KEY})
        connection.commit()
