"""Routes of the searches that the caller follows, with or without alerts about new offers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from oim.channels.http.costs import cost_of_search
from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.rest.dependencies import PersonOf, SpendOf, TranslatorOf, person_id_of
from oim.channels.rest.idempotency import IdempotencyOf
from oim.channels.rest.offer_schemas import OpportunitiesOut
from oim.channels.rest.problems import describe
from oim.channels.rest.search import SearchShape
from oim.channels.rest.strict_model import Cursor, PageSize, StrictModel, example_config
from oim.channels.wording import render_search
from oim.features import following
from oim.features.access import NOT_FOUND_MESSAGE, Actor
from oim.features.following import SavedSearch
from oim.kit.db import WriteSession
from oim.kit.errors import NotFoundError
from oim.kit.i18n import Translator

router = APIRouter(route_class=PersonalRoute, prefix="/v1/me", tags=["following"])
_SEARCH_EXAMPLE = {"words": "couture", "kinds": ["training"], "near": "CM-LT-01", "within_km": 50}


class FollowIn(StrictModel):
    """A search to follow, and whether to be alerted to new offers."""

    model_config = example_config({"search": _SEARCH_EXAMPLE, "alerts": True})

    search: SearchShape
    alerts: bool = False


class AlertsIn(StrictModel):
    """Whether to be alerted to new offers."""

    model_config = example_config({"alerts": False})

    alerts: bool


class FollowedOut(StrictModel):
    """A followed search, the same in words, and up to when its new offers were looked for (`looked_at`)."""

    model_config = example_config(
        {
            "id": "6f1c2f0e-52f5-4f0e-9d0c-0d4c2f7a9b11",
            "search": _SEARCH_EXAMPLE,
            "text": "“couture” · Training · Douala (Wouri) and 50 km around",
            "alerts": True,
            "created_at": "2026-11-25T10:00:00Z",
            "looked_at": "2026-11-25T10:00:00Z",
        }
    )

    id: UUID
    search: SearchShape
    text: str
    alerts: bool
    created_at: datetime
    looked_at: datetime

    @classmethod
    def from_domain(cls, saved_search: SavedSearch, t: Translator) -> FollowedOut:
        """Convert a saved search, with words in the language of `t`."""
        return cls(
            id=saved_search.id,
            search=SearchShape.from_domain(saved_search.search),
            text=render_search(saved_search.search, t),
            alerts=saved_search.alerts,
            created_at=saved_search.created_at,
            looked_at=saved_search.looked_at,
        )


class FollowedListOut(StrictModel):
    """The followed searches, newest first."""

    model_config = example_config({"items": []})

    items: list[FollowedOut]


class PageQuery(BaseModel):
    """Which page of a list."""

    after: Cursor = None
    limit: PageSize = 20


@router.get("/searches", **describe("List your searches", 401, 404, model=FollowedListOut))
def list_searches(services: ServicesOf, caller: PersonOf, t: TranslatorOf) -> FollowedListOut:
    """List the followed searches, newest first. Alerts are sent only to people who agreed to messages."""
    with services.database.write() as session:
        saved_searches = following.list_searches(session, caller, person_id_of(caller))
    return FollowedListOut(items=[FollowedOut.from_domain(item, t) for item in saved_searches])


@router.post("/searches", **describe("Follow a search", 401, 404, 409, status=201, model=FollowedOut))
def follow_search(
    body: FollowIn, services: ServicesOf, caller: PersonOf, t: TranslatorOf, idempotency: IdempotencyOf
) -> Response:
    """Follow a search; ten at most. An equal search is followed only once, with the latest `alerts`."""
    with services.database.write() as session:

        def create_search() -> FollowedOut:
            search = body.search.to_search()
            id_ = following.save_search(session, caller, person_id_of(caller), search, alerts=body.alerts)
            return FollowedOut.from_domain(_get_search(session, caller, id_), t)

        return idempotency.respond(session, 201, create_search)


@router.patch(
    "/searches/{search_id}", **describe("Turn alerts of a search on or off", 401, 404, model=FollowedOut)
)
def set_search_alerts(
    search_id: UUID, body: AlertsIn, services: ServicesOf, caller: PersonOf, t: TranslatorOf
) -> FollowedOut:
    """Turn alerts on or off. Offers that come while they are off are not alerted to afterwards."""
    with services.database.write() as session:
        following.set_alerts(session, caller, person_id_of(caller), search_id, alerts=body.alerts)
        return FollowedOut.from_domain(_get_search(session, caller, search_id), t)


@router.delete("/searches/{search_id}", **describe("Stop following a search", 401, 404, status=204))
def delete_search(search_id: UUID, services: ServicesOf, caller: PersonOf) -> None:
    """Stop following a search. One that is not followed changes nothing."""
    with services.database.write() as session:
        following.delete_search(session, caller, person_id_of(caller), search_id)


@router.get("/searches/{search_id}/offers", **describe("Run a search", 401, 404, model=OpportunitiesOut))
def list_search_opportunities(
    search_id: UUID,
    services: ServicesOf,
    caller: PersonOf,
    t: TranslatorOf,
    spend: SpendOf,
    page: Annotated[PageQuery, Query()],
) -> OpportunitiesOut:
    """List the open offers that meet the conditions of a followed search, page by page."""
    with services.database.write() as session:
        search = _get_search(session, caller, search_id).search
    spend(cost_of_search(search.words))
    page_of_offers = following.find_offers(
        services.database,
        services.engine,
        search,
        page.after,
        page.limit,
        counts=page.after is None,
        known=True,
    )
    return OpportunitiesOut.from_domain(page_of_offers, t)


def _get_search(session: WriteSession, caller: Actor, id_: UUID) -> SavedSearch:
    """Load one of the caller's searches. Raises NotFoundError."""
    # From the list, which is short (ten at most): a search of somebody else is not in it.
    searches_by_id = {
        item.id: item for item in following.list_searches(session, caller, person_id_of(caller))
    }
    if id_ not in searches_by_id:
        raise NotFoundError(NOT_FOUND_MESSAGE)
    return searches_by_id[id_]
