"""Lists that were shown and what came of them, for tests of what is learned from many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from oim.features.events import EventKind, record_shown_list
from oim.features.events.catalogue import LATEST, Event
from oim.features.events.service import PEOPLE, STRANGERS, insert_events, make_event_id
from oim.kit.clock import now
from oim.kit.db import Database

Offers = Sequence[tuple[UUID, dict[str, float]]]


def record_followed_lists(
    database: Database, lists: Iterable[tuple[datetime, Offers, Mapping[UUID, EventKind]]], *, known: bool
) -> None:
    """Record lists, each with what its offers led to.

    What came of all is inserted at once: `record_offer_event` asks for each list whether it showed the offer.
    """
    followed: dict[UUID, Event] = {}
    with database.write() as session:
        for at, offers, outcomes in lists:
            list_id = uuid4()
            record_shown_list(session, at, list_id, offers, known=known)
            for offer, kind in outcomes.items():
                fields = {"opportunity_id": offer, "list_id": list_id}
                followed[make_event_id(kind, list_id, offer)] = LATEST[kind].model_validate(fields)
        insert_events(session, now(), followed, PEOPLE if known else STRANGERS)
