"""Background tasks of the audit trail: noting its head outside the database."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from oim.features.audit.verification import append_head, load_head
from oim.kit.db import Database
from oim.kit.tasks import Every, Queue, task


class HeadServices(Protocol):
    """What noting the head needs: the trail, and the file to note it in."""

    @property
    def database(self) -> Database: ...
    @property
    def heads_file(self) -> Path: ...


@task(
    "audit.record_head",
    Queue.DEFAULT,
    time_limit=60,
    repeatable="A head that stands in the file twice is as good as once.",
    schedule=Every(60),
)
def record_head(services: HeadServices) -> None:
    """Append the head of the audit trail to a file outside the database.

    With it, `oim audit verify` can tell that entries were cut off the end of the trail.
    """
    with services.database.read() as session:
        head = load_head(session)
    if head:
        append_head(services.heads_file, head)
