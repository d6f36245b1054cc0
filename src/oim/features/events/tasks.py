"""Background tasks of events: forwarding what was recorded to the event stream."""

from __future__ import annotations

from typing import Protocol

from oim.features.events.forwarding import forward_events
from oim.features.events.ports import EventStream
from oim.kit.db import Database
from oim.kit.tasks import Every, Queue, task


class ForwardingServices(Protocol):
    """What forwarding needs: where events are recorded, and the stream."""

    @property
    def database(self) -> Database: ...
    @property
    def event_stream(self) -> EventStream: ...


@task(
    "events.forward",
    Queue.DEFAULT,
    time_limit=300,
    repeatable="An event that is forwarded twice keeps its id, by which readers drop it.",
    schedule=Every(5),
)
def forward_recorded_events(services: ForwardingServices) -> None:
    """Forward recorded events to the event stream."""
    forward_events(services.database, services.event_stream)
