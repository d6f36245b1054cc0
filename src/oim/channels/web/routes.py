"""The pages: each reads its question, asks a feature and renders the answer."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from oim.channels.web.errors import status_of
from oim.channels.web.forms import MORE, Filled, read
from oim.channels.web.guard import SentForm
from oim.channels.web.options import additions, options, summary
from oim.channels.web.pages import Visit, VisitOf
from oim.channels.web.services import Services, ServicesOf
from oim.channels.web.views import CardView, card_view, offer_view
from oim.features import places
from oim.features.matching.types import Answer
from oim.features.opportunities import Kind
from oim.kit.clock import now
from oim.kit.errors import BadInputError, NotFoundError, OimError
from oim.kit.i18n import Translator, mark, negotiate

RECOMMENDED = 10
LISTED = 20
READ = ["GET", "HEAD"]

root = APIRouter()
router = APIRouter()  # served once under each language


@root.api_route("/", methods=READ)
def first(request: Request) -> RedirectResponse:
    """To the home page in the browser's language."""
    language = negotiate(request.headers.get("accept-language"))
    return RedirectResponse(f"/{language}/", 303, {"Vary": "Accept-Language"})


@router.api_route("/", methods=READ)
def home(visit: VisitOf, services: ServicesOf) -> HTMLResponse:
    """The form, and the newest offer of each kind."""
    at = now()
    with services.database.read() as session:
        pages = [
            services.catalogue.newest(session, kind=kind, region=None, after=None, limit=1) for kind in Kind
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
        answer = services.engine.recommend(filled.profile, RECOMMENDED)
    except OimError as error:
        problem = visit.t(error.message, **error.values)
        return _form(visit, filled, status=status_of(error), problem=problem)
    offers = _recommended(answer, services, visit.t)
    missing = additions(answer.missing, visit.t)
    return visit.render(
        "results.html",
        form=filled,
        options=options(visit.t),
        heading=_heading(len(offers), visit.t),
        summary=summary(filled.profile, filled.value("town"), visit.t),
        offers=offers,
        missing=missing,
        asks_more=any(field in MORE for field, _ in missing),
    )


@router.api_route("/opportunities", methods=READ)
def listing(
    visit: VisitOf, services: ServicesOf, kind: str = "", region: str = "", after: str = ""
) -> HTMLResponse:
    """The open offers of a kind and a region, newest first."""
    if region and places.get(region) not in places.regions():
        raise BadInputError(mark("Choose a region of the list."))
    wanted = _kind(kind)
    with services.database.read() as session:
        page = services.catalogue.newest(
            session, kind=wanted, region=region or None, after=after or None, limit=LISTED
        )
    at = now()
    return visit.render(
        "offers.html",
        offers=[card_view(offer, visit.t, at) for offer in page.items],
        options=options(visit.t),
        kind=kind,
        region=region,
        next=page.next and "?" + urlencode({"kind": kind, "region": region, "after": page.next}),
    )


@router.api_route("/opportunities/{id_}", methods=READ)
def one(visit: VisitOf, services: ServicesOf, id_: str) -> HTMLResponse:
    """One offer whole."""
    try:
        wanted = UUID(id_)
    except ValueError:
        raise NotFoundError(mark("There is no page at this address.")) from None
    with services.database.read() as session:
        offer = services.catalogue.get(session, wanted)
    return visit.render("offer.html", offer=offer_view(offer, visit.t, now()))


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


def _recommended(answer: Answer, services: Services, t: Translator) -> list[CardView]:
    """The cards in the answer's order; an offer gone meanwhile is left out."""
    with services.database.read() as session:
        held = services.catalogue.get_many(session, [item.id for item in answer.items])
    at = now()
    return [card_view(held[item.id], t, at, item.reasons) for item in answer.items if item.id in held]


def _heading(count: int, t: Translator) -> str:
    if count == 0:
        return t("No offer fits for now")
    return t.plural("%(count)s offer for you", "%(count)s offers for you", count)


def _kind(value: str) -> Kind | None:
    try:
        return Kind(value) if value else None
    except ValueError:
        raise BadInputError(mark("Choose a kind of offer of the list.")) from None
