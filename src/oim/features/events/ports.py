"""What events need from outside: a stream that other programs read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class StreamedEvent:
    """An event as it leaves the database: without a pseudonym."""

    id: UUID  # the same when an event comes twice, so that readers can drop the second
    kind: str
    version: int
    at: datetime
    fields: Mapping[str, Any]  # JSON, as the catalogue says for this kind and version


class EventStream(Protocol):
    """A stream of events. It may forget the oldest."""

    def append(self, events: Sequence[StreamedEvent]) -> None:
        """Append events in this order. After a failure some may be there. Raises UnavailableError."""
        ...
