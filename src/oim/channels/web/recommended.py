"""An answer of the engine as cards."""

from __future__ import annotations

from oim.channels.web.offer_views import CardView, build_recommended_view
from oim.channels.web.services import Services
from oim.features.matching.types import Answer
from oim.kit.clock import now
from oim.kit.i18n import Translator


def load_recommended_cards(answer: Answer, services: Services, t: Translator) -> list[CardView]:
    """The cards in the answer's order; an offer gone meanwhile is left out."""
    with services.database.read() as session:
        held = services.catalogue.get_many(session, [item.id for item in answer.items])
    at = now()
    return [build_recommended_view(item, held[item.id], t, at) for item in answer.items if item.id in held]
