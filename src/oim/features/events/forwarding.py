"""Forward recorded events to the event stream: each at least once.

Those of strangers and those of people each in the order in which they came in, and the two in turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from oim.features.events.consumers import STREAM, consume_next
from oim.features.events.ports import EventStream, StreamedEvent
from oim.kit.db import Database, Message

BATCH_SIZE = 500  # events an append


def forward_events(database: Database, stream: EventStream) -> int:
    """Forward all events that wait; return how many. Raises UnavailableError."""

    def append(messages: Sequence[Message]) -> None:
        stream.append([_to_event(message) for message in messages])

    return sum(iter(lambda: consume_next(database, STREAM, append, BATCH_SIZE), 0))


def _to_event(message: Message) -> StreamedEvent:
    """Build the event of a row of the outbox, see `service`."""
    payload = message.payload
    at = datetime.fromisoformat(payload["at"])
    return StreamedEvent(UUID(message.key), payload["kind"], payload["version"], at, payload["fields"])
