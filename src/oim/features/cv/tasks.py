"""Background tasks of documents: deleting files that no document names."""

from __future__ import annotations

from typing import Protocol

from oim.features.cv.orphan_files import delete_orphans
from oim.kit.blobs import Blobs
from oim.kit.clock import now
from oim.kit.db import Database
from oim.kit.tasks import Every, Queue, task


class FileServices(Protocol):
    """What deleting files needs."""

    @property
    def database(self) -> Database: ...
    @property
    def blobs(self) -> Blobs: ...


@task(
    "cv.delete_orphan_files",
    Queue.DEFAULT,
    time_limit=600,
    repeatable="Deleting a file that is gone is no error.",
    schedule=Every(300),
)
def delete_orphan_files(services: FileServices) -> None:
    """Delete stored files that no document refers to, as an interrupted upload or deletion leaves them."""
    delete_orphans(services.database, services.blobs, now())
