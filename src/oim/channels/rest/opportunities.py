"""The routes under `/v1`."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from oim.channels.rest.dependencies import TranslatorOf
from oim.channels.rest.problems import describe_problems
from oim.channels.rest.schemas import (
    OpportunitiesOut,
    OpportunityOut,
    RecommendationRequest,
    RecommendationsOut,
)
from oim.channels.rest.search import SearchQuery
from oim.features import opportunities
from oim.features.following import find_offers
from oim.features.matching import Engine
from oim.kit.db import Database


def create_router(database: Database, engine: Engine) -> APIRouter:
    """The routes, answering from a database and an engine."""
    router = APIRouter(prefix="/v1")

    @router.post("/recommendations", **_describe("recommendations", "Recommend offers to a person", 400, 413))
    def recommend(body: RecommendationRequest, t: TranslatorOf, response: Response) -> RecommendationsOut:
        """A short ranked list of offers for a profile, each with its reasons."""
        answer = engine.recommend(body.to_profile(t.language), body.limit, shown=True)
        with database.read() as session:
            found = opportunities.get_many(session, [item.id for item in answer.items])
        response.headers.update({"Content-Language": t.language, "Cache-Control": "no-store"})
        return RecommendationsOut.from_domain(answer, found, t)

    @router.get("/opportunities", **_describe("opportunities", "Search the open offers"))
    def search(t: TranslatorOf, query: Annotated[SearchQuery, Query()]) -> OpportunitiesOut:
        """The open offers that meet every condition, page by page.

        The most fitting come first where `words` are sought (200 at most), else the newest.
        """
        return OpportunitiesOut.from_domain(
            find_offers(database, engine, query.to_search(), query.after, query.limit), t
        )

    @router.get("/opportunities/{opportunity_id}", **_describe("opportunities", "Read one offer", 404))
    def get_opportunity(opportunity_id: UUID, t: TranslatorOf) -> OpportunityOut:
        """One offer, open or not."""
        with database.read() as session:
            return OpportunityOut.from_domain(opportunities.get(session, opportunity_id), t)

    return router


def _describe(tag: str, summary: str, *problems: int) -> dict[str, Any]:
    """How a route is documented; any may refuse what is asked, or be away."""
    return {"tags": [tag], "summary": summary, "responses": describe_problems(*problems, 422, 503)}
