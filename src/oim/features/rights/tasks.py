"""Background tasks of data protection: deleting what is past its retention period."""

from __future__ import annotations

from dataclasses import asdict
from typing import Protocol

from oim.features.rights import retention
from oim.features.rights.erasure import replay_journal
from oim.features.sign_in import Sessions
from oim.kit.blobs import Blobs
from oim.kit.clock import is_doubtful, now
from oim.kit.db import Database
from oim.kit.tasks import DailyAt, Queue, task
from oim.kit.telemetry import logger


class RetentionServices(Protocol):
    """What deleting needs: wherever something about people is stored."""

    @property
    def database(self) -> Database: ...
    @property
    def blobs(self) -> Blobs: ...
    @property
    def sessions(self) -> Sessions: ...


@task(
    "rights.apply_retention",
    Queue.BATCH,
    time_limit=3 * 3600,
    repeatable="What is deleted is not there to be deleted again; a warning is sent once.",
    schedule=DailyAt(2, 30),
)
def apply_retention(services: RetentionServices) -> None:
    """Delete data past its retention period, and erase again people whom a restored backup brought back.

    While nobody knows what day it is nothing is deleted: the next day comes again, who is erased does not.
    """
    # The journal first, so that retention neither warns nor counts somebody who was already erased.
    erased_again = replay_journal(services.database, services.blobs)
    if is_doubtful():
        logger(__name__).error("the clocks are hours apart: nothing past its term is deleted today")
        return
    result = retention.apply_retention(services.database, services.blobs, services.sessions, now())
    logger(__name__).info("kept to terms", **asdict(result), erased_again=erased_again)
