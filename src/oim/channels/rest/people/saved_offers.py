"""Routes of the offers that the caller saved or dismissed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.rest.dependencies import PersonOf, TranslatorOf, person_id_of
from oim.channels.rest.offer_schemas import OpportunityOut
from oim.channels.rest.problems import describe
from oim.channels.rest.strict_model import StrictModel, example_config
from oim.features import following
from oim.features.following import DismissalReason

router = APIRouter(route_class=PersonalRoute, prefix="/v1/me", tags=["following"])


class SavedOut(StrictModel):
    """A saved offer: when it was saved, and whether it is still open."""

    opportunity: OpportunityOut
    saved_at: datetime
    open: bool


class SavedListOut(StrictModel):
    """The saved offers, the last saved first."""

    model_config = example_config({"items": []})

    items: list[SavedOut]


class ReasonIn(StrictModel):
    """Why the offer is not for the person."""

    model_config = example_config({"reason": "too_far"})

    reason: DismissalReason


class DismissedOut(StrictModel):
    """A dismissed offer: when it was dismissed, and why."""

    opportunity: OpportunityOut
    reason: DismissalReason
    dismissed_at: datetime


class DismissedListOut(StrictModel):
    """The dismissed offers, the last dismissed first."""

    model_config = example_config({"items": []})

    items: list[DismissedOut]


@router.get("/saved", **describe("List your saved offers", 401, 404, model=SavedListOut))
def list_saved_opportunities(services: ServicesOf, caller: PersonOf, t: TranslatorOf) -> SavedListOut:
    """List the saved offers, also closed ones, the last saved first."""
    with services.database.write() as session:
        saved_offers = following.list_saved(session, caller, person_id_of(caller))
    return SavedListOut(
        items=[
            SavedOut(
                opportunity=OpportunityOut.from_domain(saved.offer, t), saved_at=saved.at, open=saved.open
            )
            for saved in saved_offers
        ]
    )


@router.put("/saved/{opportunity_id}", **describe("Save an offer", 401, 404, status=204))
def save_opportunity(opportunity_id: UUID, services: ServicesOf, caller: PersonOf) -> None:
    """Save an offer. One that is saved already stays where it is in the list."""
    with services.database.write() as session:
        following.save(session, caller, person_id_of(caller), opportunity_id)


@router.delete("/saved/{opportunity_id}", **describe("Remove a saved offer", 401, 404, status=204))
def unsave_opportunity(opportunity_id: UUID, services: ServicesOf, caller: PersonOf) -> None:
    """Remove an offer from the saved ones. One that is not saved changes nothing."""
    with services.database.write() as session:
        following.unsave(session, caller, person_id_of(caller), opportunity_id)


@router.get("/dismissed", **describe("List your dismissed offers", 401, 404, model=DismissedListOut))
def list_dismissed_opportunities(services: ServicesOf, caller: PersonOf, t: TranslatorOf) -> DismissedListOut:
    """List the dismissed offers with their reasons, the last dismissed first."""
    with services.database.write() as session:
        dismissed_offers = following.list_dismissed(session, caller, person_id_of(caller))
    return DismissedListOut(
        items=[
            DismissedOut(
                opportunity=OpportunityOut.from_domain(dismissed.offer, t),
                reason=dismissed.reason,
                dismissed_at=dismissed.at,
            )
            for dismissed in dismissed_offers
        ]
    )


@router.put("/dismissed/{opportunity_id}", **describe("Dismiss an offer", 401, 404, status=204))
def dismiss_opportunity(opportunity_id: UUID, body: ReasonIn, services: ServicesOf, caller: PersonOf) -> None:
    """Dismiss an offer, or change the reason. Recommendations for the caller leave it out from now on."""
    with services.database.write() as session:
        following.dismiss(session, caller, person_id_of(caller), opportunity_id, body.reason)


@router.delete(
    "/dismissed/{opportunity_id}", **describe("Undo the dismissal of an offer", 401, 404, status=204)
)
def restore_opportunity(opportunity_id: UUID, services: ServicesOf, caller: PersonOf) -> None:
    """Undo the dismissal of an offer. One that is not dismissed changes nothing."""
    with services.database.write() as session:
        following.undo_dismissal(session, caller, person_id_of(caller), opportunity_id)
