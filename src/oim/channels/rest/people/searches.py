"""The searches a person follows, with or without word of new offers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from oim.channels.http.services import ServicesOf
from oim.channels.rest.dependencies import PersonOf, TranslatorOf, person_id_of
from oim.channels.rest.idempotency import IdempotencyOf
from oim.channels.rest.problems import describe
from oim.channels.rest.schemas import OpportunitiesOut
from oim.channels.rest.search import SearchShape
from oim.channels.rest.strict_model import Cursor, PageSize, StrictModel, example_config
from oim.channels.wording import render_search
from oim.features import following
from oim.features.access import NOT_FOUND_MESSAGE, Actor
from oim.features.following import SavedSearch
from oim.kit.db import WriteSession
from oim.kit.errors import NotFoundError
from oim.kit.i18n import Translator

router = APIRouter(prefix="/v1/me", tags=["following"])
_SEARCH_EXAMPLE = {"words": "couture", "kinds": ["training"], "near": "CM-LT-01", "within_km": 50}


class FollowIn(StrictModel):
    """A search to follow, and whether to be told of new offers."""

    model_config = example_config({"search": _SEARCH_EXAMPLE, "alerts": True})

    search: SearchShape
    alerts: bool = False


class AlertsIn(StrictModel):
    """Whether to be told of new offers."""

    model_config = example_config({"alerts": False})

    alerts: bool


class FollowedOut(StrictModel):
    """A search that is followed, the same in words, and until when its new offers were told."""

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
        """As the API shows it."""
        return cls(
            id=saved_search.id,
            search=SearchShape.from_domain(saved_search.wanted),
            text=render_search(saved_search.wanted, t),
            alerts=saved_search.alerts,
            created_at=saved_search.created_at,
            looked_at=saved_search.looked_at,
        )


class FollowedListOut(StrictModel):
    """The searches followed, the newest first."""

    model_config = example_config({"items": []})

    items: list[FollowedOut]


@router.get("/searches", **describe("List the searches followed", 401, 404, model=FollowedListOut))
def searches(services: ServicesOf, caller: PersonOf, t: TranslatorOf) -> FollowedListOut:
    """The newest first. What is told of them is written only to those who agreed to messages."""
    with services.database.write() as session:
        found = following.list_searches(session, caller, person_id_of(caller))
    return FollowedListOut(items=[FollowedOut.from_domain(one, t) for one in found])


@router.post("/searches", **describe("Follow a search", 401, 404, 409, status=201, model=FollowedOut))
def follow(
    body: FollowIn, services: ServicesOf, caller: PersonOf, t: TranslatorOf, idempotency: IdempotencyOf
) -> Response:
    """An equal search is followed once, with the alerts asked for last; ten at most."""
    with services.database.write() as session:

        def followed() -> FollowedOut:
            search = body.search.to_search()
            id_ = following.save_search(session, caller, person_id_of(caller), search, alerts=body.alerts)
            return FollowedOut.from_domain(_get_search(session, caller, id_), t)

        return idempotency.respond(session, 201, followed)


@router.patch(
    "/searches/{search_id}", **describe("Be told of new offers, or no longer", 401, 404, model=FollowedOut)
)
def set_alerts(
    search_id: UUID, body: AlertsIn, services: ServicesOf, caller: PersonOf, t: TranslatorOf
) -> FollowedOut:
    """What is new while nothing is told is not told afterwards."""
    with services.database.write() as session:
        following.set_alerts(session, caller, person_id_of(caller), search_id, alerts=body.alerts)
        return FollowedOut.from_domain(_get_search(session, caller, search_id), t)


@router.delete("/searches/{search_id}", **describe("Follow a search no longer", 401, 404, status=204))
def drop(search_id: UUID, services: ServicesOf, caller: PersonOf) -> None:
    """One that is not followed changes nothing."""
    with services.database.write() as session:
        following.delete_search(session, caller, person_id_of(caller), search_id)


@router.get("/searches/{search_id}/offers", **describe("Run a search", 401, 404, model=OpportunitiesOut))
def offers(
    search_id: UUID,
    services: ServicesOf,
    caller: PersonOf,
    t: TranslatorOf,
    after: Annotated[Cursor, Query()] = None,
    limit: Annotated[PageSize, Query()] = 20,
) -> OpportunitiesOut:
    """The open offers that it finds, page by page."""
    with services.database.write() as session:
        wanted = _get_search(session, caller, search_id).wanted
    return OpportunitiesOut.from_domain(
        following.find_offers(services.database, services.engine, wanted, after, limit), t
    )


def _get_search(session: WriteSession, caller: Actor, id_: UUID) -> SavedSearch:
    """Raises NotFoundError."""
    found = {one.id: one for one in following.list_searches(session, caller, person_id_of(caller))}
    if id_ not in found:
        raise NotFoundError(NOT_FOUND_MESSAGE)
    return found[id_]
