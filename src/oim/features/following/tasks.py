"""Background tasks of saved searches: alerts to new offers."""

from __future__ import annotations

from typing import Protocol

from oim.features.following.alerts import send_due_alerts
from oim.features.matching import Engine
from oim.kit.clock import now
from oim.kit.db import Database
from oim.kit.tasks import DailyAt, Queue, task
from oim.kit.telemetry import logger


class AlertServices(Protocol):
    """What alerts need."""

    @property
    def database(self) -> Database: ...
    @property
    def engine(self) -> Engine: ...


@task(
    "following.send_alerts",
    Queue.BATCH,
    time_limit=3 * 3600,
    repeatable="A search is marked as looked at in the transaction that queues its message.",
    schedule=DailyAt(7, 0),  # messages are written when people are awake
)
def send_alerts(services: AlertServices) -> None:
    """Alert people to new offers that match their saved searches."""
    people = send_due_alerts(services.database, services.engine, now())
    logger(__name__).info("alerted", people=people)
