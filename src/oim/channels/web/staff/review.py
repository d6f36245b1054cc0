"""Offers that wait for a decision: the queue, each one whole, and what is decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from oim.channels.web.authentication import StaffOf
from oim.channels.web.form import Form, Typed, first, refused
from oim.channels.web.offer_views import OfferView, offer_view
from oim.channels.web.pages import Visit, VisitOf
from oim.channels.web.security import SentForm
from oim.channels.web.services import Services, ServicesOf
from oim.channels.wording import DECISIONS, REPORT_REASONS, render_standing
from oim.features import trust
from oim.features.access import Actor
from oim.features.trust import ReviewItem
from oim.kit.clock import now
from oim.kit.db import WriteSession
from oim.kit.errors import BadInputError
from oim.kit.i18n import Translator, format_date

router = APIRouter(prefix="/review")
Decide = Callable[[WriteSession, Actor, UUID, str], None]


@dataclass(frozen=True, slots=True)
class View:
    """An offer as those see it who review it. `reports`: how many of which reason."""

    offer: OfferView
    url: str
    source: str
    standing: str
    since: str
    reports: list[tuple[int, str]]
    words: tuple[str, ...]
    reviews: list[tuple[str, str, str]]


@router.get("")
def queue(visit: VisitOf, services: ServicesOf, actor: StaffOf) -> HTMLResponse:
    """Those held or reported, the oldest first."""
    with services.database.write() as session:
        found = trust.load_review_queue(session, actor)
    return visit.render("staff/review.html", waiting=[_view(one, visit.t) for one in found])


@router.get("/{offer}")
def one(offer: UUID, visit: VisitOf, services: ServicesOf, actor: StaffOf) -> HTMLResponse:
    """One of them whole, whether or not it waits."""
    return _page(visit, services, actor, offer, Form())


@router.post("/{offer}/release")
def release(offer: UUID, visit: VisitOf, services: ServicesOf, actor: StaffOf, sent: SentForm) -> Response:
    """Let it be shown, its warnings with it."""
    return _decided(visit, services, actor, offer, sent, trust.release)


@router.post("/{offer}/withdraw")
def withdraw(offer: UUID, visit: VisitOf, services: ServicesOf, actor: StaffOf, sent: SentForm) -> Response:
    """Let nobody see it any more."""
    return _decided(visit, services, actor, offer, sent, trust.withdraw)


def _decided(
    visit: Visit, services: Services, actor: Actor, offer: UUID, sent: Typed, decide: Decide
) -> Response:
    try:
        with services.database.write() as session:
            decide(session, actor, offer, first(sent, "note"))
    except BadInputError as error:
        return _page(visit, services, actor, offer, refused(sent, error, visit.t))
    return visit.go("staff/review")


def _page(visit: Visit, services: Services, actor: Actor, offer: UUID, form: Form) -> HTMLResponse:
    with services.database.write() as session:
        held = trust.load_review_item(session, actor, offer)
    return visit.render(
        "staff/reviewed.html",
        400 if form.errors else 200,
        form=form,
        one=_view(held, visit.t),
        most=trust.MAX_NOTE_LENGTH,
    )


def _view(held: ReviewItem, t: Translator) -> View:
    return View(
        offer=offer_view(held.offer, t, now()),
        url=held.offer.draft.url or "",
        source=held.offer.source,
        standing=render_standing(held, t),
        since=format_date(held.waiting_since, t.language) if held.waiting_since else "",
        reports=[
            (held.report_counts[reason], t(words))
            for reason, words in REPORT_REASONS.items()
            if held.report_counts[reason]
        ],
        words=held.words,
        reviews=[
            (t(DECISIONS[one.decision]), format_date(one.at, t.language), one.note) for one in held.reviews
        ],
    )
