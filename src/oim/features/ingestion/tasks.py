"""Background tasks of ingestion: reading of stored offers what earlier versions of OIM did not read."""

from __future__ import annotations

from typing import Protocol

from oim.features.ingestion.ways_backfill import fill_ways
from oim.kit.db import Database
from oim.kit.tasks import Every, Queue, task
from oim.kit.telemetry import logger


class WaysServices(Protocol):
    """What reading ways of stored offers needs."""

    @property
    def database(self) -> Database: ...


@task(
    "ingestion.fill_ways",
    Queue.BATCH,
    time_limit=3600,
    repeatable="An offer whose ways were read is not read again; two runs at once lock different offers.",
    schedule=Every(600),
)
def fill_unread_ways(services: WaysServices) -> None:
    """Read the ways to answer of offers stored before OIM read them."""
    offers = fill_ways(services.database)
    if offers:
        logger(__name__).info("ways read", offers=offers)
