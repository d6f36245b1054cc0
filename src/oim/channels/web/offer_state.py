"""Whether the visitor saved or dismissed the offer that a page shows."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from oim.features.access import Actor, Role
from oim.features.following import find_dismissed_ids, find_saved_ids
from oim.kit.db import ReadSession

# Header of a page that the service worker (`static/sw.js`) stores, to show it when there is no network.
KEEP_OFFLINE = {"OIM-Keep": "1"}


@dataclass(frozen=True, slots=True)
class OfferState:
    """Whether the visitor saved an offer, and whether they dismissed it ("not for me")."""

    saved: bool
    dismissed: bool

    @property
    def headers(self) -> dict[str, str]:
        """The additional headers of the offer's page."""
        return KEEP_OFFLINE if self.saved else {}


def load_offer_state(session: ReadSession, actor: Actor, offer: UUID) -> OfferState | None:
    """Load what an actor did with an offer; None for strangers and staff, who cannot save offers."""
    if actor.role is not Role.PERSON or actor.id is None:
        return None
    return OfferState(
        offer in find_saved_ids(session, actor.id), offer in find_dismissed_ids(session, actor.id)
    )
