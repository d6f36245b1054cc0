"""A person's home page: news, three offers, the next question; and the page of all recommended offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from oim.channels.http.costs import MIN_TEXT_COST
from oim.channels.http.services import Services, ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.web.me.applications import build_application_view, build_question_view
from oim.channels.web.me.subject import ActingFor, CurrentPerson
from oim.channels.web.offer_views import load_recommended_cards
from oim.channels.web.pages import PageContext, PageOf
from oim.channels.wording import CONSENTS, render_strength
from oim.features import applications, consents, people, profile
from oim.features.applications import Application, Stage
from oim.features.consents import Purpose
from oim.features.following import find_dismissed_ids, find_saved_ids, recommend_offers
from oim.features.matching import Answer
from oim.features.profile import Question, Strength
from oim.features.sign_in import find_pin_request
from oim.kit.clock import CAMEROON, now
from oim.kit.db import WriteSession
from oim.kit.errors import NotFoundError, OimError
from oim.kit.i18n import format_date

router = APIRouter(route_class=PersonalRoute)
MAX_RECOMMENDATIONS = 10  # offers
MAX_HOME_OFFERS = 3
MAX_NEWS = 3
NEWS_AGE = timedelta(days=30)  # what a partner answered earlier is no news
OWN_STAGES = (Stage.SENT, Stage.WITHDRAWN)  # what the person did, and knows


@dataclass(frozen=True, slots=True)
class MatchingState:
    """What the recommendation of offers to a person depends on, read in one session."""

    record: profile.Record
    strength: Strength
    agreed: bool
    excluded_ids: frozenset[UUID]  # put aside, or applied for already


@router.get("")
def show_space(page: PageOf, services: ServicesOf, subject: CurrentPerson) -> HTMLResponse:
    """Show first what is new, then three offers and the next question, then links to the other pages."""
    at = now()
    # A question falls due on a day of Cameroon's calendar, not of UTC's.
    today = at.astimezone(CAMEROON).date()
    with services.database.write() as session:
        person = people.get(session, subject.actor, subject.person)
        opens_at = find_pin_request(session, subject.actor, subject.person)
        state = _load_state(session, subject)
        due = applications.list_due_questions(session, subject.actor, subject.person, today)
        sent = applications.list_for_person(session, subject.actor, subject.person)
    answer, resting = None, False
    try:
        page.spend(MIN_TEXT_COST)
        answer = _recommend(services, subject, state, MAX_HOME_OFFERS)
    except OimError:
        # An engine that rests, or a budget that is spent, takes only the offers off this page.
        resting = True
    return page.render(
        "me/home.html",
        name=person.name,
        resting=resting,
        pin_request=format_date(opens_at, page.t.language) if opens_at else None,
        questions=[build_question_view(question, page.t) for question in due],
        news=[build_application_view(application, page.t) for application in select_news(sent, at)],
        **_describe_matching(page, services, state, answer),
    )


@router.get("/offers")
def show_recommendations(page: PageOf, services: ServicesOf, subject: CurrentPerson) -> HTMLResponse:
    """Show the recommended offers, or what is needed first: consent to matching, or one answer."""
    page.spend(MIN_TEXT_COST)
    with services.database.write() as session:
        state = _load_state(session, subject)
        saved_ids = find_saved_ids(session, subject.person)
    answer = _recommend(services, subject, state, MAX_RECOMMENDATIONS)
    return page.render(
        "me/offers.html",
        words_only=answer is not None and answer.words_only,
        saved_ids={str(id_) for id_ in saved_ids},
        **_describe_matching(page, services, state, answer),
    )


def select_news(sent: Sequence[Application], at: datetime) -> list[Application]:
    """Select the applications whose last stage is a partner's, and recent; the newest news first."""
    answered = [
        application
        for application in sent
        if application.is_submitted
        and application.stage not in OWN_STAGES
        and application.stages[-1].at > at - NEWS_AGE
    ]
    return sorted(answered, key=lambda application: application.stages[-1].at, reverse=True)[:MAX_NEWS]


def _load_state(session: WriteSession, subject: ActingFor) -> MatchingState:
    record = profile.load_record(session, subject.actor, subject.person)
    return MatchingState(
        record,
        profile.load_strength(session, record),
        consents.has_agreed(session, subject.person, Purpose.MATCHING),
        find_dismissed_ids(session, subject.person) | applications.find_applied_ids(session, subject.person),
    )


def _recommend(services: Services, subject: ActingFor, state: MatchingState, count: int) -> Answer | None:
    """Recommend offers; None without consent, or without an answer to recommend by.

    Outside any session: the engine may take a while, and a transaction must not wait for it.
    """
    if not state.agreed:
        return None
    try:
        return recommend_offers(services.engine, subject.person, count, exclude=state.excluded_ids)
    except NotFoundError:
        # No answer is stored to recommend by: the page leads to the next question.
        return None


def _describe_matching(
    page: PageContext, services: Services, state: MatchingState, answer: Answer | None
) -> dict[str, Any]:
    """What both pages show of the profile and the recommended offers."""
    offers = load_recommended_cards(answer, state.record, services, page.t) if answer else []
    return {
        "strength": state.strength,
        "strength_text": render_strength(state.strength, page.t),
        "question": (state.strength.next or Question.WISH).value,
        "consent_meaning": None if state.agreed else page.t(CONSENTS[Purpose.MATCHING][1]),
        "has_answer": answer is not None,
        "list": answer.list_id.hex if answer and answer.list_id else None,
        "offers": [offer for offer in offers if not offer.near_eligible],
        "near_eligible": [offer for offer in offers if offer.near_eligible],
    }
