"""The pages: each reads its question, asks a feature and renders the answer."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from oim.channels.web.errors import status_of
from oim.channels.web.event_recording import ListId, list_of, telling
from oim.channels.web.next_actions import onward
from oim.channels.web.offer_state import kept_by
from oim.channels.web.offer_views import CardView, card_view, offer_view
from oim.channels.web.options import additions, options, summary
from oim.channels.web.pages import Visit, VisitOf
from oim.channels.web.recommendation_form import MORE, Filled, read
from oim.channels.web.recommended import recommended_cards
from oim.channels.web.security import SentForm
from oim.channels.web.services import Services, ServicesOf
from oim.features.matching.learning import EventKind
from oim.features.opportunities import Kind, Opportunity
from oim.kit.clock import now
from oim.kit.errors import NotFoundError, OimError
from oim.kit.i18n import Translator, mark, negotiate_language

RECOMMENDED = 10
READ = ["GET", "HEAD"]

root = APIRouter()
router = APIRouter()  # served once under each language


@root.api_route("/", methods=READ)
def first(request: Request) -> RedirectResponse:
    """To the home page in the browser's language."""
    language = negotiate_language(request.headers.get("accept-language"))
    return RedirectResponse(f"/{language}/", 303, {"Vary": "Accept-Language"})


@router.api_route("/", methods=READ)
def home(visit: VisitOf, services: ServicesOf) -> HTMLResponse:
    """The form, and the newest offer of each kind."""
    at = now()
    with services.database.read() as session:
        pages = [
            services.catalogue.list_newest(session, kind=kind, region=None, after=None, limit=1)
            for kind in Kind
        ]
    offers = [card_view(offer, visit.t, at) for page in pages for offer in page.items]
    return _form(visit, read({}, visit.t), offers)


@router.api_route("/recommendations", methods=READ)
def no_question(visit: VisitOf) -> RedirectResponse:
    """Answers have no address, so that no situation stands in one: back to the form."""
    return RedirectResponse(f"/{visit.t.language}/", 303)


@router.post("/recommendations")
def recommend(visit: VisitOf, services: ServicesOf, sent: SentForm) -> HTMLResponse:
    """The offers for the person who filled in the form. Where that fails, the form again as it was."""
    filled = read(sent, visit.t)
    if filled.errors:
        return _form(visit, filled, status=400)
    try:
        answer = services.engine.recommend(filled.profile, RECOMMENDED, shown=True)
    except OimError as error:
        problem = visit.t(error.message, **error.values)
        return _form(visit, filled, status=status_of(error), problem=problem)
    offers = recommended_cards(answer, services, visit.t)
    able = [offer for offer in offers if not offer.almost]
    missing = additions(answer.missing, visit.t)
    return visit.render(
        "results.html",
        form=filled,
        options=options(visit.t),
        heading=_heading(len(able), len(offers) - len(able), visit.t),
        list=answer.list_id.hex if answer.list_id else None,
        summary=summary(filled.profile, filled.value("town"), visit.t),
        offers=able,
        almost=[offer for offer in offers if offer.almost],
        missing=missing,
        asks_more=any(field in MORE for field, _ in missing),
    )


@router.api_route("/opportunities/{id_}", methods=READ)
def one(visit: VisitOf, services: ServicesOf, id_: str, list_: ListId = "") -> HTMLResponse:
    """One offer whole; `list`: of which list of recommendations it was opened."""
    offer = _offer(services, id_)
    opened = telling(services.database, EventKind.OPENED, list_, offer.id)
    list_id = list_of(list_)
    kept = kept_by(visit.actor, services, offer.id)
    page = visit.render(
        "offer.html",
        offer=offer_view(offer, visit.t, now()),
        onward=onward(visit, services, offer, list_id),
        kept=kept,
        list=list_id.hex if list_id else None,
    )
    page.headers.update(kept.headers if kept else {})
    page.background = opened if visit.request.method == "GET" else None
    return page


def _offer(services: Services, id_: str) -> Opportunity:
    try:
        wanted = UUID(id_)
    except ValueError:
        raise NotFoundError(mark("There is no page at this address.")) from None
    with services.database.read() as session:
        return services.catalogue.get(session, wanted)


def _form(
    visit: Visit,
    filled: Filled,
    offers: list[CardView] | None = None,
    *,
    status: int = 200,
    problem: str | None = None,
) -> HTMLResponse:
    values = {"form": filled, "options": options(visit.t), "offers": offers or [], "problem": problem}
    return visit.render("home.html", status, **values)


def _heading(able: int, almost: int, t: Translator) -> str:
    if able:
        return t.plural("%(count)s offer for you", "%(count)s offers for you", able)
    if almost:
        return t.plural("%(count)s offer almost for you", "%(count)s offers almost for you", almost)
    return t("No offer fits for now")
