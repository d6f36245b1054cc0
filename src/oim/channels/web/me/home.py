"""A person's own first page: what to do next, and the way to everything else."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from oim.channels.http.services import ServicesOf
from oim.channels.web.me.subject import CurrentPerson
from oim.channels.web.offer_views import load_recommended_cards
from oim.channels.web.pages import PageOf
from oim.channels.wording import CONSENTS, render_strength
from oim.features import consents, people, profile
from oim.features.consents import Purpose
from oim.features.following import find_dismissed_ids, find_saved_ids, recommend_offers
from oim.features.profile import Question
from oim.kit.errors import NotFoundError

router = APIRouter()
MAX_RECOMMENDATIONS = 10


@router.get("")
def show_space(page: PageOf, services: ServicesOf, subject: CurrentPerson) -> HTMLResponse:
    """Their name, how far their profile goes, and the way on."""
    with services.database.write() as session:
        person = people.get(session, subject.actor, subject.person)
        record = profile.load_record(session, subject.actor, subject.person)
        strength = profile.load_strength(session, record)
    return page.render(
        "me/home.html", name=person.name, strength=strength, strength_text=render_strength(strength, page.t)
    )


@router.get("/offers")
def show_recommendations(page: PageOf, services: ServicesOf, subject: CurrentPerson) -> HTMLResponse:
    """The offers, or what is needed first: that they agree, or tell something."""
    with services.database.write() as session:
        record = profile.load_record(session, subject.actor, subject.person)
        strength = profile.load_strength(session, record)
        agreed = consents.has_agreed(session, subject.person, Purpose.MATCHING)
        aside = find_dismissed_ids(session, subject.person)
        saved = find_saved_ids(session, subject.person)
    try:
        answer = (
            recommend_offers(services.engine, subject.person, MAX_RECOMMENDATIONS, exclude=aside)
            if agreed
            else None
        )
    except NotFoundError:
        answer = None
    offers = load_recommended_cards(answer, services, page.t) if answer else []
    return page.render(
        "me/offers.html",
        strength=strength,
        strength_text=render_strength(strength, page.t),
        question=(strength.next or Question.WISH).value,
        consent_meaning=None if agreed else page.t(CONSENTS[Purpose.MATCHING][1]),
        has_answer=answer is not None,
        list=answer.list_id.hex if answer and answer.list_id else None,
        offers=[offer for offer in offers if not offer.near_eligible],
        near_eligible=[offer for offer in offers if offer.near_eligible],
        saved_ids={str(id_) for id_ in saved},
    )
