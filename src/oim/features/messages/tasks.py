"""Background tasks of messages: codes at once, whatever else there is to send, and then the rest."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from oim.features.messages.delivery import deliver
from oim.features.messages.types import MessageKind, RenderMessage, Sender
from oim.features.people import Channel
from oim.kit.db import Database
from oim.kit.tasks import Every, Queue, task
from oim.kit.telemetry import logger

REPEATABLE = "Each message is claimed by one attempt alone, which another run leaves alone."
TIME_LIMIT = 120  # seconds: a round of delivery and one slow call of a gateway


class DeliveryServices(Protocol):
    """What delivering needs: the gateways, and how messages are put in words."""

    @property
    def database(self) -> Database: ...
    @property
    def senders(self) -> Mapping[Channel, Sender]: ...
    @property
    def render_message(self) -> RenderMessage: ...


@task(
    "messages.deliver_codes",
    Queue.URGENT,
    time_limit=TIME_LIMIT,
    repeatable=REPEATABLE,
    schedule=Every(1),
)
def deliver_codes(services: DeliveryServices) -> None:
    """Send the one-time codes that are due: somebody waits for each."""
    _deliver(services, {MessageKind.CODE})


@task(
    "messages.deliver",
    Queue.DEFAULT,
    time_limit=TIME_LIMIT,
    repeatable=REPEATABLE,
    schedule=Every(1),
)
def deliver_others(services: DeliveryServices) -> None:
    """Send the other messages that are due."""
    _deliver(services, set(MessageKind) - {MessageKind.CODE})


def _deliver(services: DeliveryServices, kinds: Collection[MessageKind]) -> None:
    """Send the messages of these kinds, and log how many were sent."""
    if sent := deliver(services.database, services.senders, services.render_message, kinds):
        logger(__name__).info("sent", messages=sent)
