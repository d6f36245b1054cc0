"""What who visits did with an offer that is shown to them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from oim.channels.http.services import Services
from oim.features.access import Actor, Role
from oim.features.following import find_dismissed_ids, find_saved_ids

KEEP_OFFLINE = {"OIM-Keep": "1"}  # of a page that the service worker keeps for when there is no network


@dataclass(frozen=True, slots=True)
class OfferState:
    """Whether an offer is saved, and whether it was put aside."""

    saved: bool
    dismissed: bool

    @property
    def headers(self) -> dict[str, str]:
        """Those of the offer's page."""
        return KEEP_OFFLINE if self.saved else {}


def load_offer_state(actor: Actor, services: Services, offer: UUID) -> OfferState | None:
    """What somebody did with an offer; none for those who keep nothing here."""
    if actor.role is not Role.PERSON or actor.id is None:
        return None
    with services.database.read() as session:
        return OfferState(
            offer in find_saved_ids(session, actor.id), offer in find_dismissed_ids(session, actor.id)
        )
