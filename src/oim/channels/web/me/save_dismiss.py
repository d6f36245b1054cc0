"""Save an offer or dismiss it with a reason, undo either, and the lists of saved and dismissed offers."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from oim.channels.http.services import Services, ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.web.event_recording import parse_list_id
from oim.channels.web.form import Form, with_error
from oim.channels.web.me.subject import CurrentPerson, get_current_person
from oim.channels.web.offer_state import KEEP_OFFLINE
from oim.channels.web.offer_views import build_card_view
from oim.channels.web.pages import PageContext, PageOf
from oim.channels.web.security import PostedForm
from oim.channels.web.statuses import Status
from oim.channels.wording import DISMISSAL_REASONS
from oim.features import following, opportunities
from oim.features.following import DismissalReason
from oim.kit.clock import now
from oim.kit.errors import BadInputError
from oim.kit.fields import FormFields, first_value, parse_choices
from oim.kit.i18n import format_date, mark

offer_router = APIRouter(route_class=PersonalRoute, prefix="/opportunities/{offer}")
# The page to go back to; `redirect_back` follows it only where it is one of our own.
NextPath = Annotated[str, Query(alias="next")]
lists_router = APIRouter(route_class=PersonalRoute)


@offer_router.post("/save")
def save(
    offer: UUID, page: PageOf, services: ServicesOf, subject: CurrentPerson, form: PostedForm
) -> Response:
    """Save an offer, and go back to the page with the form."""
    list_id = parse_list_id(first_value(form, "list"))
    with services.database.write() as session:
        following.save(session, subject.actor, subject.person, offer, list_id=list_id)
    return redirect_to_offer(page, form, offer, done="offer-saved")


@offer_router.post("/unsave")
def unsave(
    offer: UUID, page: PageOf, services: ServicesOf, subject: CurrentPerson, form: PostedForm
) -> Response:
    """Remove an offer from the saved ones."""
    with services.database.write() as session:
        following.unsave(session, subject.actor, subject.person, offer)
    return redirect_to_offer(page, form, offer, done="offer-unsaved")


@offer_router.get("/not-for-me", dependencies=[Depends(get_current_person)])
def ask_dismissal_reason(
    offer: UUID, page: PageOf, services: ServicesOf, next_: NextPath = ""
) -> HTMLResponse:
    """Show the form that asks why an offer is not for the person."""
    return _render_dismissal(page, services, offer, Form({"next": [next_]}))


@offer_router.post("/not-for-me")
def dismiss(
    offer: UUID, page: PageOf, services: ServicesOf, subject: CurrentPerson, form: PostedForm
) -> Response:
    """Dismiss an offer. If it looks like a fraud, go on to the form that reports it."""
    try:
        reason = _parse_reason(form)
    except BadInputError as error:
        return _render_dismissal(page, services, offer, with_error(form, error, page.t), error)
    with services.database.write() as session:
        following.dismiss(session, subject.actor, subject.person, offer, reason)
    if reason is DismissalReason.SUSPICIOUS:
        return page.redirect(f"opportunities/{offer}/report")
    return page.redirect_back(first_value(form, "next"), "me/offers", done="offer-dismissed")


def redirect_to_offer(
    page: PageContext, form: FormFields, offer: UUID, *, done: str = ""
) -> RedirectResponse:
    """Redirect to the offer's card on the page that the form was sent from, else to the offer's page."""
    # An offer's buttons carry the id `o<offer id>`, so a long list does not jump back to its top.
    return page.redirect_back(first_value(form, "next"), f"opportunities/{offer}", f"#o{offer}", done=done)


def _parse_reason(form: FormFields) -> DismissalReason:
    """Parse the reason for a dismissal. Raises BadInputError."""
    reasons = parse_choices(form, "reason", DismissalReason)
    if not reasons:
        raise BadInputError(mark("Choose from the list."), field="reason")
    return reasons[0]


def _render_dismissal(
    page: PageContext, services: Services, offer: UUID, form: Form, status: Status = 200
) -> HTMLResponse:
    """Render the form that asks why an offer is not for the person. Raises NotFoundError."""
    with services.database.read() as session:
        opportunity = opportunities.get(session, offer)
    return page.render(
        "me/not_for_me.html",
        status,
        offer=offer,
        title=opportunity.title,
        language=opportunity.draft.language or page.t.language,
        form=form,
        reasons=[(reason.value, page.t(words)) for reason, words in DISMISSAL_REASONS.items()],
    )


@lists_router.get("/saved")
def list_saved(page: PageOf, services: ServicesOf, subject: CurrentPerson) -> HTMLResponse:
    """List the saved offers, the last saved first, with those that have closed in a part of their own."""
    with services.database.write() as session:
        saved_offers = following.list_saved(session, subject.actor, subject.person)
    at = now()
    response = page.render(
        "me/saved.html",
        offers=[build_card_view(saved.offer, page.t, at) for saved in saved_offers if saved.open],
        closed=[build_card_view(saved.offer, page.t, at) for saved in saved_offers if not saved.open],
    )
    # Tells the service worker to store this page for reading without network, although it is `no-store`.
    response.headers.update(KEEP_OFFLINE)
    return response


@lists_router.get("/dismissed")
def list_dismissed(page: PageOf, services: ServicesOf, subject: CurrentPerson) -> HTMLResponse:
    """List the dismissed offers with their reasons, the last dismissed first."""
    with services.database.write() as session:
        dismissed_offers = following.list_dismissed(session, subject.actor, subject.person)
    t, at = page.t, now()
    return page.render(
        "me/dismissed.html",
        offers=[
            (
                build_card_view(dismissed.offer, t, at),
                t(DISMISSAL_REASONS[dismissed.reason]),
                format_date(dismissed.at, t.language),
            )
            for dismissed in dismissed_offers
        ],
    )


@lists_router.post("/dismissed/{offer}/undo")
def undo_dismissal(
    offer: UUID, page: PageOf, services: ServicesOf, subject: CurrentPerson, form: PostedForm
) -> Response:
    """Undo the dismissal of an offer: it can be recommended again."""
    with services.database.write() as session:
        following.undo_dismissal(session, subject.actor, subject.person, offer)
    return redirect_to_offer(page, form, offer, done="offer-restored")
