"""The offers chosen for a person by their profile, less those that they put aside."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from oim.channels.web.me.subject import MineOf
from oim.channels.web.pages import VisitOf
from oim.channels.web.recommended import recommended_cards
from oim.channels.web.services import ServicesOf
from oim.channels.wording import CONSENTS, render_strength
from oim.features import consents, opportunities, profile
from oim.features.consents import Purpose
from oim.features.following import choose, dismissed_ids, saved_ids
from oim.features.profile import Question
from oim.kit.errors import NotFoundError

RECOMMENDED = 10

router = APIRouter(prefix="/offers")


@router.get("")
def page(visit: VisitOf, services: ServicesOf, who: MineOf) -> HTMLResponse:
    """The offers, or what is needed first: that they agree, or tell something."""
    with services.database.write() as session:
        record = profile.load_record(session, who.actor, who.person)
        strong = profile.compute_strength(record, opportunities.count_by_condition(session))
        agreed = consents.agreed(session, who.person, Purpose.MATCHING)
        aside = dismissed_ids(session, who.person)
        saved = saved_ids(session, who.person)
    try:
        answer = choose(services.engine, who.person, RECOMMENDED, without=aside) if agreed else None
    except NotFoundError:
        answer = None
    offers = recommended_cards(answer, services, visit.t) if answer else []
    return visit.render(
        "me/offers.html",
        strength=strong,
        told=render_strength(strong, visit.t),
        question=(strong.next or Question.WISH).value,
        meaning=None if agreed else visit.t(CONSENTS[Purpose.MATCHING][1]),
        answered=answer is not None,
        list=answer.list_id.hex if answer and answer.list_id else None,
        offers=[offer for offer in offers if not offer.almost],
        almost=[offer for offer in offers if offer.almost],
        saved={str(id_) for id_ in saved},
    )
