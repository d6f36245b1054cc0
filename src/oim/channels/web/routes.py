"""The pages: each reads its question, asks a feature and renders the answer."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from oim.channels.web.errors import status_of
from oim.channels.web.forms import MORE, Filled, read
from oim.channels.web.guard import SentForm
from oim.channels.web.options import additions, options, summary
from oim.channels.web.pages import Visit, VisitOf
from oim.channels.web.services import Services, ServicesOf
from oim.channels.web.told import telling
from oim.channels.web.views import CardView, card_view, offer_view, recommended_view
from oim.features import places
from oim.features.matching.learning import EventKind
from oim.features.matching.types import Answer
from oim.features.opportunities import Kind, Opportunity
from oim.kit.clock import now
from oim.kit.errors import BadInputError, NotFoundError, OimError
from oim.kit.i18n import Translator, mark, negotiate

RECOMMENDED = 10
LISTED = 20
READ = ["GET", "HEAD"]
ListId = Annotated[str, Query(alias="list")]

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
        answer = services.engine.recommend(filled.profile, RECOMMENDED, shown=True)
    except OimError as error:
        problem = visit.t(error.message, **error.values)
        return _form(visit, filled, status=status_of(error), problem=problem)
    offers = _recommended(answer, services, visit.t)
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
def one(visit: VisitOf, services: ServicesOf, id_: str, list_: ListId = "") -> HTMLResponse:
    """One offer whole; `list`: of which list of recommendations it was opened."""
    view = offer_view(_offer(services, id_), visit.t, now())
    opened = telling(services.database, EventKind.OPENED, list_, UUID(id_))
    page = visit.render("offer.html", offer=view, list=UUID(list_).hex if opened else None)
    page.background = opened if visit.request.method == "GET" else None
    return page


@router.api_route("/opportunities/{id_}/source", methods=READ)
def source(visit: VisitOf, services: ServicesOf, id_: str, list_: ListId = "") -> RedirectResponse:
    """On to the publisher's own page, for who came from a list of recommendations."""
    link = offer_view(_offer(services, id_), visit.t, now()).link
    if link is None:
        raise NotFoundError(mark("There is no page at this address."))
    gone = telling(services.database, EventKind.REDIRECTED, list_, UUID(id_))
    background = gone if visit.request.method == "GET" else None
    return RedirectResponse(link.url, 303, {"Cache-Control": "no-store"}, background)


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


def _recommended(answer: Answer, services: Services, t: Translator) -> list[CardView]:
    """The cards in the answer's order; an offer gone meanwhile is left out."""
    with services.database.read() as session:
        held = services.catalogue.get_many(session, [item.id for item in answer.items])
    at = now()
    return [recommended_view(item, held[item.id], t, at) for item in answer.items if item.id in held]


def _heading(able: int, almost: int, t: Translator) -> str:
    if able:
        return t.plural("%(count)s offer for you", "%(count)s offers for you", able)
    if almost:
        return t.plural("%(count)s offer almost for you", "%(count)s offers almost for you", almost)
    return t("No offer fits for now")


def _kind(value: str) -> Kind | None:
    try:
        return Kind(value) if value else None
    except ValueError:
        raise BadInputError(mark("Choose a kind of offer of the list.")) from None
