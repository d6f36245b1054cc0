"""The event stream as one Valkey stream, `oim:events`, of which the oldest entries are dropped."""

from __future__ import annotations

import json
from collections.abc import Sequence

from oim.features.events import StreamedEvent
from oim.kit.cache import Cache

KEY = "oim:events"
TIMEOUT = 3.0  # seconds: nobody waits for it, and it writes many entries at once
MAX_LENGTH = 100_000  # entries, some 50 MB: the embedded server holds them in memory


class ValkeyStream:
    """`EventStream` on the server of a URL (`redis://:password@host:port/0`).

    An entry has the fields `id`, `kind`, `version`, `at` (ISO 8601) and `fields` (JSON). An event that comes
    twice has two entries with the same `id`.
    """

    def __init__(self, url: str, max_length: int = MAX_LENGTH) -> None:
        self._cache = Cache(url, TIMEOUT)
        self._max_length = max_length

    def append(self, events: Sequence[StreamedEvent]) -> None:
        """Append events in this order, in one round trip. Raises UnavailableError."""
        with self._cache.commands() as client:
            pipeline = client.pipeline(transaction=False)
            for event in events:
                # "Approximate": whole nodes are dropped, which costs next to nothing, so some more remain.
                pipeline.xadd(KEY, _to_entry(event), maxlen=self._max_length, approximate=True)
            pipeline.execute()

    def close(self) -> None:
        """Close all connections."""
        self._cache.close()


def _to_entry(event: StreamedEvent) -> dict[str, str]:
    """Return the fields of an event's entry."""
    return {
        "id": str(event.id),
        "kind": event.kind,
        "version": str(event.version),
        "at": event.at.isoformat(),
        "fields": json.dumps(dict(event.fields), separators=(",", ":")),
    }
