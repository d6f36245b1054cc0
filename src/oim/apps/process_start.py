"""The start of a process by its module (site, engine, worker): settings are checked, errors are one line."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError

from oim.bootstrap import check_urls
from oim.kit.environment import PRIVATE_UMASK, drop_foreign_variables
from oim.kit.errors import OimError
from oim.kit.settings import Settings

# Seconds that a busy thread keeps Python's lock while others wait for it; 0.005 by itself. An answer takes
# the lock again after each of its many waits for a socket or a file, and would pay that much each time while
# somebody else's long text is being understood. See decision 32.
SWITCH_INTERVAL = 0.0005


def load_settings() -> Settings:
    """Read the settings, and remove what would make libraries use others; what is written is private.

    Threads of the process take turns at short intervals from then on. Raises ValidationError, or
    BadInputError for a URL that cannot be used.
    """
    os.umask(PRIVATE_UMASK)
    sys.setswitchinterval(SWITCH_INTERVAL)
    drop_foreign_variables()
    settings = Settings()
    check_urls(settings)
    return settings


@contextmanager
def exit_on_error() -> Iterator[None]:
    """Print an error of the block as the line that `oim` prints for it, and exit with the same code."""
    try:
        yield
    except (OimError, ValidationError) as error:
        # Imported here: the command line takes time to import, and only a failure needs it.
        from oim.apps.cli.failures import to_exit  # noqa: PLC0415

        failure = to_exit(error)
        if failure is None:
            raise
        line, code = failure
        sys.stderr.write(f"{line}\n")
        sys.exit(code)
