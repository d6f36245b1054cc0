"""Routes for everybody: recommendations for a profile, the search of open offers, and one offer."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from oim.channels.http.costs import cost_of_search, cost_of_text, counts_as_person
from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import TextRoute
from oim.channels.rest.dependencies import KnownCaller, SpendSearchOf, TranslatorOf
from oim.channels.rest.problems import describe
from oim.channels.rest.schemas import (
    OpportunitiesOut,
    OpportunityOut,
    RecommendationRequest,
    RecommendationsOut,
)
from oim.channels.rest.search import SearchQuery
from oim.features import opportunities
from oim.features.following import find_offers

router = APIRouter(route_class=TextRoute, prefix="/v1")


@router.post(
    "/recommendations", tags=["recommendations"], **describe("Recommend offers to a person", 400, 413)
)
def recommend(
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
    answer = services.engine.recommend(
        body.to_profile(t.language),
        body.limit,
        shown=True,
        known=counts_as_person(services, caller),
        words_only=words_only,
    )
    offers = services.offers.get_many([item.id for item in answer.items])
    # Made for one person: no cache on the way may keep it.
    response.headers.update({"Content-Language": t.language, "Cache-Control": "no-store"})
    return RecommendationsOut.from_domain(answer, offers, t)


@router.get("/opportunities", tags=["opportunities"], **describe("Search the open offers"))
def search(
    services: ServicesOf,
    caller: KnownCaller,
    spend: SpendSearchOf,
    t: TranslatorOf,
    query: Annotated[SearchQuery, Query()],
) -> OpportunitiesOut:
    """List the open offers that meet every condition, page by page.

    With `words` the best matches come first (200 at most), without them the newest offers.
    """
    words_only = spend(cost_of_search(query.words))
    page = find_offers(
        services.database,
        services.engine,
        query.to_search(),
        query.after,
        query.limit,
        known=caller is not None,
        words_only=words_only,
    )
    return OpportunitiesOut.from_domain(page, t)


@router.get("/opportunities/{opportunity_id}", tags=["opportunities"], **describe("Read one offer", 404))
def get_opportunity(opportunity_id: UUID, services: ServicesOf, t: TranslatorOf) -> OpportunityOut:
    """Read one offer, open or closed."""
    with services.database.read() as session:
        return OpportunityOut.from_domain(opportunities.get(session, opportunity_id), t)
