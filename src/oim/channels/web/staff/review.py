"""The review of offers that are held or reported: the queue, each offer in full, and the decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from oim.channels.http.services import Services, ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.web.authentication import StaffOf
from oim.channels.web.confirmation import (
    CONFIRMED,
    Confirmation,
    list_confirmed_fields,
    render_confirmation,
)
from oim.channels.web.form import Form, with_error
from oim.channels.web.offer_views import OfferView, build_offer_view
from oim.channels.web.pages import PageContext, PageOf
from oim.channels.web.security import PostedForm
from oim.channels.web.staff.tables import Cell, Column, Filter, Table, build_table, parse_listing
from oim.channels.wording import (
    DECISIONS,
    KINDS,
    REPORT_REASONS,
    render_alert,
    render_source,
    render_standing,
)
from oim.features import trust
from oim.features.access import Actor
from oim.features.opportunities import Kind
from oim.features.trust import ReviewItem
from oim.kit.clock import now
from oim.kit.db import WriteSession
from oim.kit.errors import BadInputError
from oim.kit.fields import FormFields, first_value
from oim.kit.i18n import Translator, format_date, mark

router = APIRouter(route_class=PersonalRoute, prefix="/review")
QUEUE = Table(
    path="staff/review",
    caption=mark("Offers to review"),
    columns=(
        Column("title", mark("Offer")),
        Column("publisher", mark("Organisation"), is_sortable=False),
        Column("source", mark("Source")),
        Column("standing", mark("State"), is_sortable=False),
        Column("reports", mark("Reported by people"), is_sortable=False),
        Column("since", mark("Waits since")),
    ),
    filters=(
        Filter("state", mark("State"), lambda t: [("held", t("To check")), ("shown", t("Still shown"))]),
        Filter("kind", mark("Kind of offer"), lambda t: [(kind.value, t(KINDS[kind])) for kind in Kind]),
        Filter("words", mark("Words of the offer")),
    ),
)
# By the notice of what was decided.
_DECISIONS: Mapping[str, Callable[[WriteSession, Actor, UUID, str], None]] = {
    "offer-released": trust.release,
    "offer-withdrawn": trust.withdraw,
}


@dataclass(frozen=True, slots=True)
class ReviewView:
    """An offer as its reviewers see it.

    `reports`: how many people gave which reason. `reviews`: earlier decisions, each with its day and note.
    """

    offer: OfferView
    url: str
    source: str
    standing: str
    since: str
    reports: list[tuple[int, str]]
    report_texts: tuple[str, ...]
    reviews: list[tuple[str, str, str]]


@router.get("")
def list_queue(page: PageOf, services: ServicesOf, actor: StaffOf) -> HTMLResponse:
    """List the offers that are held or reported, those of most concern first, and what to look at now."""
    listing = parse_listing(QUEUE, page)
    with services.database.write() as session:
        listed, alerts = trust.list_review_queue(session, actor, listing), trust.find_alerts(session)
    rows = [_build_row(_build_view(item, page.t)) for item in listed.items]
    return page.render(
        "staff/review.html",
        table=build_table(QUEUE, listing, listed, rows, page),
        alerts=[render_alert(alert, page.t) for alert in alerts],
    )


def _build_row(review: ReviewView) -> list[Cell]:
    """Build the line of an offer: what it is, who stands behind it, why it is here and since when."""
    card = review.offer.card
    reasons = [f"{count} × {reason}" for count, reason in review.reports]
    return [
        Cell(card.title, f"staff/review/{card.id}", card.kind_label),
        Cell(card.publisher),
        Cell(review.source, note=card.trust_label),
        Cell(review.standing, note=" ".join(text for text, _ in review.offer.warnings)),
        Cell(
            "; ".join(reasons) or "–",
            note=" ".join(review.report_texts),
        ),
        Cell(review.since),
    ]


@router.get("/{offer}")
def show_review(offer: UUID, page: PageOf, services: ServicesOf, actor: StaffOf) -> HTMLResponse:
    """Show one offer in full, whether or not it waits for a decision."""
    return _render(page, services, actor, offer, Form())


@router.post("/{offer}/release")
def release(offer: UUID, page: PageOf, services: ServicesOf, actor: StaffOf, form: PostedForm) -> Response:
    """Release an offer: everybody sees it again, with its warnings."""
    return _decide(page, services, actor, offer, form, "offer-released")


@router.post("/{offer}/withdraw")
def withdraw(offer: UUID, page: PageOf, services: ServicesOf, actor: StaffOf, form: PostedForm) -> Response:
    """Withdraw an offer, once it is confirmed: nobody sees it any more."""
    # A note that is too long is said at once, not after the question.
    is_asked = first_value(form, CONFIRMED) != "yes"
    if is_asked and len(first_value(form, "note")) <= trust.MAX_NOTE_LENGTH:
        return _ask_to_withdraw(page, services, actor, offer, form)
    return _decide(page, services, actor, offer, form, "offer-withdrawn")


def _ask_to_withdraw(
    page: PageContext, services: Services, actor: Actor, offer: UUID, form: FormFields
) -> HTMLResponse:
    """Render what withdrawing an offer ends."""
    with services.database.write() as session:
        item = trust.load_review_item(session, actor, offer)
    t = page.t
    confirmation = Confirmation(
        heading=t("Withdraw “%(title)s”?", title=item.offer.draft.title),
        consequences=[
            t("Nobody finds it any more, nor those who saved it."),
            t("It does not come back when its source sends it again."),
        ],
        button=t("Withdraw: nobody sees it any more"),
        action=f"staff/review/{offer}/withdraw",
        back=f"staff/review/{offer}",
        fields=list_confirmed_fields(form),
    )
    return render_confirmation(page, confirmation)


def _decide(
    page: PageContext, services: Services, actor: Actor, offer: UUID, form: FormFields, done: str
) -> Response:
    """Carry out a decision and go back to the queue, or show the form again where the note is wrong."""
    try:
        with services.database.write() as session:
            _DECISIONS[done](session, actor, offer, first_value(form, "note"))
    except BadInputError as error:
        return _render(page, services, actor, offer, with_error(form, error, page.t))
    return page.redirect("staff/review", done=done)


def _render(page: PageContext, services: Services, actor: Actor, offer: UUID, form: Form) -> HTMLResponse:
    """Render an offer with its reports, earlier decisions, and the form to decide."""
    with services.database.write() as session:
        item = trust.load_review_item(session, actor, offer)
    return page.render(
        "staff/reviewed.html",
        400 if form.errors else 200,
        form=form,
        review=_build_view(item, page.t),
    )


def _build_view(reviewed: ReviewItem, t: Translator) -> ReviewView:
    return ReviewView(
        offer=build_offer_view(reviewed.offer, t, now()),
        url=reviewed.offer.draft.url or "",
        source=render_source(reviewed.offer.source, t),
        standing=render_standing(reviewed, t),
        since=format_date(reviewed.waiting_since, t.language) if reviewed.waiting_since else "",
        # In the order of the reasons on the report form, without those that nobody gave.
        reports=[
            (reviewed.report_counts[reason], t(words))
            for reason, words in REPORT_REASONS.items()
            if reviewed.report_counts[reason]
        ],
        report_texts=reviewed.words,
        reviews=[
            (t(DECISIONS[review.decision]), format_date(review.at, t.language), review.note)
            for review in reviewed.reviews
        ],
    )
