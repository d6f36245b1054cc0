"""The database that commands work with: migrated, with its keys, and closed when they are done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from oim import bootstrap
from oim.apps.cli.terminal import report
from oim.apps.up import running_services
from oim.kit.db import Database
from oim.kit.db.rotation import keys_in_use
from oim.kit.errors import ConflictError
from oim.kit.i18n import mark
from oim.kit.settings import EMBEDDED, Settings


@contextmanager
def open_database() -> Iterator[Database]:
    """Yield the database, for commands that need nothing else that runs."""
    # The database is closed before `running_services` stops a server that it started for this command.
    with (
        running_services(Settings(), ("postgres",), report, prepare_database) as settings,
        closing(bootstrap.database(settings)) as database,
    ):
        yield database


def prepare_database(settings: Settings) -> None:
    """Migrate the database to the newest schema, and create a key ring for a database that has none.

    Raises ConflictError if the database holds sealed data but its key ring is missing.
    """
    bootstrap.migrate_database(settings)
    # With OIM_KEYS_URL set, a missing ring is a mistake to report, not one to create.
    if settings.keys_url == EMBEDDED and not settings.ring_file.exists():
        _make_keys(settings)


def _make_keys(settings: Settings) -> None:
    """Create a key ring. Raises ConflictError if the database holds data sealed by keys that are lost."""
    with closing(Database(settings.database_url, pool_size=1)) as database, database.read() as session:
        used = keys_in_use(session)
    if used:
        raise ConflictError(
            mark("The keys of this data are not here. Put %(file)s back, or set OIM_KEYS_URL."),
            file=settings.ring_file,
        )
    bootstrap.key_source(settings).create()
