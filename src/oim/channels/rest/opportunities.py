"""Routes for everybody: recommendations for a profile, the search of open offers, and one offer."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from oim.channels.http.cached_answers import NOT_CACHED, answer_unless_cached, hash_build, make_etag
from oim.channels.http.costs import cost_of_search, cost_of_text, counts_as_person
from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import TextRoute
from oim.channels.rest.dependencies import KnownCaller, SpendSearchOf, TranslatorOf
from oim.channels.rest.offer_schemas import OpportunitiesOut, OpportunityOut
from oim.channels.rest.problems import describe, describe_cached
from oim.channels.rest.schemas import RecommendationRequest, RecommendationsOut
from oim.channels.rest.search import SearchQuery
from oim.features import opportunities
from oim.features.following import find_offers

router = APIRouter(route_class=TextRoute, prefix="/v1")
# An answer is for its language, and found by the words alone for strangers sooner than for who is signed in.
_LANGUAGE_HEADERS = {"Vary": "Accept-Language, Authorization"}


@router.post(
    "/recommendations", tags=["recommendations"], **describe("Recommend offers to a person", 400, 413)
)
def recommend_opportunities(
    body: RecommendationRequest,
    services: ServicesOf,
    caller: KnownCaller,
    spend: SpendSearchOf,
    t: TranslatorOf,
    response: Response,
) -> RecommendationsOut:
    """Get a short ranked list of offers for a profile, each with its reasons. The profile is not stored."""
    words_only = spend(cost_of_text(body.text))
    # `shown`: a person will see this list, so the engine records it, for learning and against crowding.
    profile = body.to_profile(t.language)
    answer = services.engine.recommend(
        profile,
        body.limit,
        shown=True,
        known=counts_as_person(services, caller),
        words_only=words_only,
    )
    offers = services.offers.get_many([item.id for item in answer.items])
    # Made for one person: no cache on the way may keep it.
    response.headers.update({"Content-Language": t.language, "Cache-Control": "no-store"})
    return RecommendationsOut.from_domain(profile, answer, offers, t)


@router.get(
    "/opportunities",
    tags=["opportunities"],
    **describe_cached("Search the open offers", model=OpportunitiesOut),
)
def list_opportunities(
    services: ServicesOf,
    caller: KnownCaller,
    spend: SpendSearchOf,
    t: TranslatorOf,
    query: Annotated[SearchQuery, Query()],
    request: Request,
) -> Response:
    """List the open offers that meet every condition, page by page.

    With `words` the best matches come first (200 at most), without them the newest offers; `sort` chooses
    another order.
    """
    words_only = spend(cost_of_search(query.words))
    page = find_offers(
        services.database,
        services.engine,
        query.to_search(),
        query.after,
        query.limit,
        order=query.to_order(),
        counts=query.after is None,  # the first page says how many there are, as on the pages of people
        known=caller is not None,
        words_only=words_only,
    )
    content = OpportunitiesOut.from_domain(page, t).model_dump_json().encode()
    # Of the content: which offers are open changes with the hour too, and the index follows the catalogue.
    headers = _LANGUAGE_HEADERS | {"Content-Language": t.language} | (NOT_CACHED if page.words_only else {})
    return answer_unless_cached(request, make_etag(content), lambda: content, headers)


@router.get(
    "/opportunities/{opportunity_id}",
    tags=["opportunities"],
    **describe_cached("Read one offer", 404, model=OpportunityOut),
)
def get_opportunity(
    opportunity_id: UUID, services: ServicesOf, t: TranslatorOf, request: Request
) -> Response:
    """Read one offer, open or closed."""

    def read_offer() -> bytes:
        with services.database.read() as session:
            offer = opportunities.get(session, opportunity_id)
        return OpportunityOut.from_domain(offer, t).model_dump_json().encode()

    headers = _LANGUAGE_HEADERS | {"Content-Language": t.language}
    # Known before the offer is read: it changes with the catalogue alone, and is read after the version.
    catalogue = services.offers.versions.get()
    if catalogue is None:
        return Response(read_offer(), headers=headers | NOT_CACHED, media_type="application/json")
    etag = make_etag(hash_build(), catalogue, opportunity_id, t.language)
    return answer_unless_cached(request, etag, read_offer, headers)
