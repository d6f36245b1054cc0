"""Background tasks of applications: asking people what became of theirs, writing to partners."""

from __future__ import annotations

from typing import Protocol

from oim.features.applications.notices import send_digests
from oim.features.applications.outcomes import ask_outcomes
from oim.kit.clock import CAMEROON, now
from oim.kit.db import Database
from oim.kit.tasks import DailyAt, Queue, task
from oim.kit.telemetry import logger


class OutcomeServices(Protocol):
    """What asking about outcomes needs."""

    @property
    def database(self) -> Database: ...


@task(
    "applications.ask_outcomes",
    Queue.DEFAULT,
    time_limit=3600,
    repeatable="A question is marked as asked in the transaction that queues its message.",
    schedule=DailyAt(9, 0),  # messages are written when people are awake
)
def ask_about_outcomes(services: OutcomeServices) -> None:
    """Ask people about the outcome of an application, on the days set for it."""
    questions = ask_outcomes(services.database, now().astimezone(CAMEROON).date())
    logger(__name__).info("asked", outcomes=questions)


@task(
    "applications.send_digests",
    Queue.DEFAULT,
    time_limit=3600,
    repeatable="A digest is marked as made in the transaction that queues it.",
    schedule=DailyAt(7, 30),
)
def send_partner_digests(services: OutcomeServices) -> None:
    """Write to agents, once a day, how many applications came, where they chose so."""
    logger(__name__).info("digests", written=send_digests(services.database, now()))
