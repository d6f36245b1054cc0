"""What a person keeps of offers: those saved, those put aside, the searches they follow."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from oim.channels.rest.dependencies import PersonOf
from oim.channels.rest.idempotency import OnceOf
from oim.channels.rest.language import TranslatorOf
from oim.channels.rest.people.account import own
from oim.channels.rest.problems import told
from oim.channels.rest.schemas import OpportunitiesOut, OpportunityOut
from oim.channels.rest.search import Cursor, PageSize, SearchShape
from oim.channels.rest.services import ServicesOf
from oim.channels.rest.strict_model import Shape, shaped
from oim.channels.wording import render_search
from oim.features import following
from oim.features.access import NOTHING_HERE, Actor
from oim.features.following import DismissalReason, KeptSearch
from oim.kit.db import WriteSession
from oim.kit.errors import NotFoundError
from oim.kit.i18n import Translator

router = APIRouter(prefix="/v1/me", tags=["following"])
_SEARCH = {"words": "couture", "kinds": ["training"], "near": "CM-LT-01", "within_km": 50}


class SavedOut(Shape):
    """An offer that was saved, and whether it is still open."""

    opportunity: OpportunityOut
    saved_at: datetime
    open: bool


class SavedListOut(Shape):
    """The offers saved, the last one first."""

    model_config = shaped({"items": []})

    items: list[SavedOut]


class ReasonIn(Shape):
    """Why an offer is not for them."""

    model_config = shaped({"reason": "too_far"})

    reason: DismissalReason


class DismissedOut(Shape):
    """An offer that was put aside, and why."""

    opportunity: OpportunityOut
    reason: DismissalReason
    dismissed_at: datetime


class DismissedListOut(Shape):
    """The offers put aside, the last one first."""

    model_config = shaped({"items": []})

    items: list[DismissedOut]


class FollowIn(Shape):
    """A search to follow, and whether to be told of new offers."""

    model_config = shaped({"search": _SEARCH, "alerts": True})

    search: SearchShape
    alerts: bool = False


class AlertsIn(Shape):
    """Whether to be told of new offers."""

    model_config = shaped({"alerts": False})

    alerts: bool


class FollowedOut(Shape):
    """A search that is followed, the same in words, and until when its new offers were told."""

    model_config = shaped(
        {
            "id": "6f1c2f0e-52f5-4f0e-9d0c-0d4c2f7a9b11",
            "search": _SEARCH,
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
    def of(cls, kept: KeptSearch, t: Translator) -> FollowedOut:
        """As the API shows it."""
        return cls(
            id=kept.id,
            search=SearchShape.of(kept.wanted),
            text=render_search(kept.wanted, t),
            alerts=kept.alerts,
            created_at=kept.created_at,
            looked_at=kept.looked_at,
        )


class FollowedListOut(Shape):
    """The searches followed, the newest first."""

    model_config = shaped({"items": []})

    items: list[FollowedOut]


@router.get("/saved", **told("List the offers saved", 401, 404, model=SavedListOut))
def saved(services: ServicesOf, caller: PersonOf, t: TranslatorOf) -> SavedListOut:
    """The last saved first, those that have closed too."""
    with services.database.write() as session:
        found = following.saved(session, caller, own(caller))
    return SavedListOut(
        items=[
            SavedOut(opportunity=OpportunityOut.of(one.offer, t), saved_at=one.at, open=one.open)
            for one in found
        ]
    )


@router.put("/saved/{opportunity_id}", **told("Save an offer", 401, 404, status=204))
def save(opportunity_id: UUID, services: ServicesOf, caller: PersonOf) -> None:
    """One that is saved already stays where it is."""
    with services.database.write() as session:
        following.save(session, caller, own(caller), opportunity_id)


@router.delete("/saved/{opportunity_id}", **told("Save an offer no longer", 401, 404, status=204))
def unsave(opportunity_id: UUID, services: ServicesOf, caller: PersonOf) -> None:
    """One that is not saved changes nothing."""
    with services.database.write() as session:
        following.unsave(session, caller, own(caller), opportunity_id)


@router.get("/dismissed", **told("List the offers put aside", 401, 404, model=DismissedListOut))
def dismissed(services: ServicesOf, caller: PersonOf, t: TranslatorOf) -> DismissedListOut:
    """The last put aside first, each with its reason."""
    with services.database.write() as session:
        found = following.dismissed(session, caller, own(caller))
    return DismissedListOut(
        items=[
            DismissedOut(opportunity=OpportunityOut.of(one.offer, t), reason=one.reason, dismissed_at=one.at)
            for one in found
        ]
    )


@router.put("/dismissed/{opportunity_id}", **told("Put an offer aside", 401, 404, status=204))
def dismiss(opportunity_id: UUID, said: ReasonIn, services: ServicesOf, caller: PersonOf) -> None:
    """One that is put aside already takes the new reason. Lists made for the person leave it out."""
    with services.database.write() as session:
        following.dismiss(session, caller, own(caller), opportunity_id, said.reason)


@router.delete("/dismissed/{opportunity_id}", **told("Take an offer back", 401, 404, status=204))
def undo(opportunity_id: UUID, services: ServicesOf, caller: PersonOf) -> None:
    """One that is not put aside changes nothing."""
    with services.database.write() as session:
        following.undo_dismissal(session, caller, own(caller), opportunity_id)


@router.get("/searches", **told("List the searches followed", 401, 404, model=FollowedListOut))
def searches(services: ServicesOf, caller: PersonOf, t: TranslatorOf) -> FollowedListOut:
    """The newest first. What is told of them is written only to those who agreed to messages."""
    with services.database.write() as session:
        found = following.searches(session, caller, own(caller))
    return FollowedListOut(items=[FollowedOut.of(one, t) for one in found])


@router.post("/searches", **told("Follow a search", 401, 404, 409, status=201, model=FollowedOut))
def follow(
    wanted: FollowIn, services: ServicesOf, caller: PersonOf, t: TranslatorOf, once: OnceOf
) -> Response:
    """An equal search is followed once, with the alerts asked for last; ten at most."""
    with services.database.write() as session:

        def followed() -> FollowedOut:
            search = wanted.search.search()
            id_ = following.keep_search(session, caller, own(caller), search, alerts=wanted.alerts)
            return FollowedOut.of(_one(session, caller, id_), t)

        return once.answer(session, 201, followed)


@router.patch(
    "/searches/{search_id}", **told("Be told of new offers, or no longer", 401, 404, model=FollowedOut)
)
def tell(
    search_id: UUID, wanted: AlertsIn, services: ServicesOf, caller: PersonOf, t: TranslatorOf
) -> FollowedOut:
    """What is new while nothing is told is not told afterwards."""
    with services.database.write() as session:
        following.set_alerts(session, caller, own(caller), search_id, alerts=wanted.alerts)
        return FollowedOut.of(_one(session, caller, search_id), t)


@router.delete("/searches/{search_id}", **told("Follow a search no longer", 401, 404, status=204))
def drop(search_id: UUID, services: ServicesOf, caller: PersonOf) -> None:
    """One that is not followed changes nothing."""
    with services.database.write() as session:
        following.drop_search(session, caller, own(caller), search_id)


@router.get("/searches/{search_id}/offers", **told("Run a search", 401, 404, model=OpportunitiesOut))
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
        wanted = _one(session, caller, search_id).wanted
    return OpportunitiesOut.of(following.look(services.database, services.engine, wanted, after, limit), t)


def _one(session: WriteSession, caller: Actor, id_: UUID) -> KeptSearch:
    """Raises NotFoundError."""
    found = {one.id: one for one in following.searches(session, caller, own(caller))}
    if id_ not in found:
        raise NotFoundError(NOTHING_HERE)
    return found[id_]
