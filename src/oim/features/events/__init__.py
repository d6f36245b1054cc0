"""Events: what happened to offers, in one versioned catalogue, append-only and pseudonymous; who reads them.

What a ranker learns from them is in `matching.learning`, counts without people in `statistics`, and who
reached what is somebody's in `audit`.
"""

from oim.features.events.catalogue import (
    CATALOGUE,
    Applied,
    Dismissed,
    Event,
    EventKind,
    OfferEvent,
    Opened,
    Outcome,
    Redirected,
    Saved,
    Shown,
    WayOpened,
    parse_event,
)
from oim.features.events.consumers import (
    CONSUMERS,
    FILES,
    FILES_LEFT,
    INDEX,
    OFFER_CHANGED,
    STREAM,
    consume_next,
    topic_of,
)
from oim.features.events.forwarding import forward_events
from oim.features.events.lists import RecordedList, RecordedOffer, count_shown_positions, load_recorded_lists
from oim.features.events.ports import EventStream, StreamedEvent
from oim.features.events.retention import STRANGERS_TERM, purge_events, purge_strangers
from oim.features.events.sampling import is_sampled, make_list_id
from oim.features.events.service import (
    cut_pseudonym,
    record_act,
    record_offer_event,
    record_shown_list,
)

__all__ = [
    "CATALOGUE",
    "CONSUMERS",
    "FILES",
    "FILES_LEFT",
    "INDEX",
    "OFFER_CHANGED",
    "STRANGERS_TERM",
    "STREAM",
    "Applied",
    "Dismissed",
    "Event",
    "EventKind",
    "EventStream",
    "OfferEvent",
    "Opened",
    "Outcome",
    "RecordedList",
    "RecordedOffer",
    "Redirected",
    "Saved",
    "Shown",
    "StreamedEvent",
    "WayOpened",
    "consume_next",
    "count_shown_positions",
    "cut_pseudonym",
    "forward_events",
    "is_sampled",
    "load_recorded_lists",
    "make_list_id",
    "parse_event",
    "purge_events",
    "purge_strangers",
    "record_act",
    "record_offer_event",
    "record_shown_list",
    "topic_of",
]
