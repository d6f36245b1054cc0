"""Background tasks of the audit trail: noting its head outside the database, counting refusals."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from oim.features.audit.heads import append_head, record_heads
from oim.features.audit.refusals import fold_refusals
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
    """Record where the shards of the audit trail end, and append the trail's head to a file elsewhere.

    With it, `oim audit verify` can tell that entries were cut off the end of a shard.
    """
    with services.database.write() as session:
        head = record_heads(session)
    # After the commit: the file must not name a head that is not in the database.
    if head:
        append_head(services.heads_file, head)


@task(
    "audit.fold_refusals",
    Queue.DEFAULT,
    time_limit=60,
    repeatable="A count enters the trail in the transaction that deletes it.",
    schedule=Every(60),
)
def enter_refusals(services: HeadServices) -> None:
    """Enter into the trail how often refusals were repeated."""
    fold_refusals(services.database)
