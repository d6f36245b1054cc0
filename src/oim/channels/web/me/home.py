"""A person's home page, and the offers recommended to them."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from oim.channels.http.costs import MIN_TEXT_COST
from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.web.me.subject import CurrentPerson
from oim.channels.web.offer_views import load_recommended_cards
from oim.channels.web.pages import PageOf
from oim.channels.wording import CONSENTS, render_strength
from oim.features import consents, people, profile
from oim.features.consents import Purpose
from oim.features.following import find_dismissed_ids, find_saved_ids, recommend_offers
from oim.features.profile import Question
from oim.features.sign_in import find_pin_request
from oim.kit.errors import NotFoundError
from oim.kit.i18n import format_date

router = APIRouter(route_class=PersonalRoute)
MAX_RECOMMENDATIONS = 10  # offers


@router.get("")
def show_space(page: PageOf, services: ServicesOf, subject: CurrentPerson) -> HTMLResponse:
    """Show the person's name, how much of the profile is filled in, and links to the other pages."""
    with services.database.write() as session:
        person = people.get(session, subject.actor, subject.person)
        opens_at = find_pin_request(session, subject.actor, subject.person)
        record = profile.load_record(session, subject.actor, subject.person)
        strength = profile.load_strength(session, record)
    return page.render(
        "me/home.html",
        name=person.name,
        strength=strength,
        strength_text=render_strength(strength, page.t),
        pin_request=format_date(opens_at, page.t.language) if opens_at else None,
    )


@router.get("/offers")
def show_recommendations(page: PageOf, services: ServicesOf, subject: CurrentPerson) -> HTMLResponse:
    """Show the recommended offers, or what is needed first: consent to matching, or one answer."""
    page.spend(MIN_TEXT_COST)
    with services.database.write() as session:
        record = profile.load_record(session, subject.actor, subject.person)
        strength = profile.load_strength(session, record)
        agreed = consents.has_agreed(session, subject.person, Purpose.MATCHING)
        dismissed_ids = find_dismissed_ids(session, subject.person)
        saved_ids = find_saved_ids(session, subject.person)
    # Outside the session: the engine may take a while, and a transaction must not wait for it.
    try:
        answer = (
            recommend_offers(services.engine, subject.person, MAX_RECOMMENDATIONS, exclude=dismissed_ids)
            if agreed
            else None
        )
    except NotFoundError:
        # No answer is stored to recommend by: the page leads to the next question.
        answer = None
    offers = load_recommended_cards(answer, services, page.t) if answer else []
    return page.render(
        "me/offers.html",
        strength=strength,
        strength_text=render_strength(strength, page.t),
        question=(strength.next or Question.WISH).value,
        consent_meaning=None if agreed else page.t(CONSENTS[Purpose.MATCHING][1]),
        has_answer=answer is not None,
        words_only=answer is not None and answer.words_only,
        list=answer.list_id.hex if answer and answer.list_id else None,
        offers=[offer for offer in offers if not offer.near_eligible],
        near_eligible=[offer for offer in offers if offer.near_eligible],
        saved_ids={str(id_) for id_ in saved_ids},
    )
