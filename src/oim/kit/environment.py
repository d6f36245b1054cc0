"""Variables of the environment that libraries would obey over our settings: no process of ours keeps them.

They are set by people and machines for other programs. A `PGHOSTADDR` would send our connections to another
server than the URL names, a `CELERY_BROKER_URL` our tasks to another broker.
"""

from __future__ import annotations

import os

# Read by `prometheus_client` when it is imported: the folder where several processes write their figures.
FOLDER_OF_METRICS = "PROMETHEUS_MULTIPROC_DIR"
PRIVATE_UMASK = 0o077  # what our processes write is for their user alone
# libpq and the programs of PostgreSQL read `PG…`, Celery `CELERY_…`: each over what its caller states.
_FOREIGN_PREFIXES = ("PG", "CELERY_")
_FOREIGN_NAMES = ("WEB_CONCURRENCY",)  # of uvicorn, which then refuses an application that it did not import


def clean_environment() -> dict[str, str]:
    """Return a copy of this process's environment without foreign variables, for a child process."""
    return {name: value for name, value in os.environ.items() if not _is_foreign(name)}


def drop_foreign_variables() -> None:
    """Remove foreign variables from this process, for libraries that read its environment themselves."""
    for name in filter(_is_foreign, list(os.environ)):
        os.environ.pop(name, None)  # another thread may have removed it meanwhile


def _is_foreign(name: str) -> bool:
    """Return whether a variable of this name is dropped."""
    return name.startswith(_FOREIGN_PREFIXES) or name in _FOREIGN_NAMES


def count_cores() -> int:
    """How many cores this process may use, which may be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
