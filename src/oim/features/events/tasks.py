"""Background tasks of events: forwarding what was recorded, deleting what strangers left."""

from __future__ import annotations

from typing import Protocol

from oim.features.events.forwarding import forward_events
from oim.features.events.ports import EventStream
from oim.features.events.retention import purge_strangers
from oim.kit.clock import now
from oim.kit.db import Database
from oim.kit.tasks import DailyAt, Every, Queue, task


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


class PurgingServices(Protocol):
    """What deleting old events needs: where they are recorded."""

    @property
    def database(self) -> Database: ...


@task(
    "events.purge_strangers",
    Queue.BATCH,
    time_limit=3600,
    repeatable="What is deleted is not there to be deleted again.",
    schedule=DailyAt(3, 30),
)
def purge_events_of_strangers(services: PurgingServices) -> None:
    """Delete the events of strangers that are past their term."""
    purge_strangers(services.database, now())
