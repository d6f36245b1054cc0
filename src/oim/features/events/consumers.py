"""Who reads the outbox: the topics and, in one table, every consumer that a row waits for."""

from __future__ import annotations

from datetime import datetime

from oim.features.events.catalogue import EventKind
from oim.kit.db import Consumer, Database, consume
from oim.kit.db.consumers import Work

# An offer is new, changed, shown or hidden. The key is the offer's id.
OFFER_CHANGED = "opportunity.changed"
# A stored file may have been left behind. The key is the blob's.
FILES_LEFT = "documents.leftovers"


def topic_of(kind: EventKind) -> str:
    """Return the topic of the events of a kind. The key is the event's id, the payload its fields."""
    return f"event.{kind.value}"


INDEX = Consumer("index", frozenset({OFFER_CHANGED}))
FILES = Consumer("files", frozenset({FILES_LEFT}))
STREAM = Consumer("stream", frozenset(map(topic_of, EventKind)))
# A row is kept until every consumer of its topic has passed it: one that stands here and never runs keeps
# them all.
CONSUMERS = (INDEX, FILES, STREAM)


def consume_next(
    database: Database, consumer: Consumer, work: Work, limit: int, *, until: datetime | None = None
) -> int:
    """Hand the next rows to a consumer's work, see `kit.db.consume`; return how many rows."""
    return consume(database, consumer, work, limit, registered=CONSUMERS, until=until)
