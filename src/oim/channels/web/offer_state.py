"""What who visits did with an offer that is shown to them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from oim.channels.web.services import Services
from oim.features.access import Actor, Role
from oim.features.following import dismissed_ids, saved_ids

KEEP = {"OIM-Keep": "1"}  # of a page that the service worker keeps for when there is no network


@dataclass(frozen=True, slots=True)
class Kept:
    """Whether an offer is saved, and whether it was put aside."""

    saved: bool
    aside: bool

    @property
    def headers(self) -> dict[str, str]:
        """Those of the offer's page."""
        return KEEP if self.saved else {}


def kept_by(actor: Actor, services: Services, offer: UUID) -> Kept | None:
    """What somebody did with an offer; none for those who keep nothing here."""
    if actor.role is not Role.PERSON or actor.id is None:
        return None
    with services.database.read() as session:
        return Kept(offer in saved_ids(session, actor.id), offer in dismissed_ids(session, actor.id))
