"""What is told to the ranker of an application: that something came of an offer in a list."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from oim.features.matching.learning import EventKind, record_offer_event
from oim.kit.db import WriteSession
from oim.kit.errors import NotFoundError


def record_ranking_event(
    session: WriteSession, kind: EventKind, list_id: UUID | None, offer: UUID | None
) -> None:
    """Record it, where the offer is known to have been shown in a list."""
    if list_id is not None and offer is not None:
        with suppress(NotFoundError):  # a list that was not recorded teaches nothing
            record_offer_event(session, kind, list_id, offer)
