"""What a person keeps of offers: those saved, those put aside, the searches they follow."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter

from oim.channels.http.services import ServicesOf
from oim.channels.rest.dependencies import PersonOf, TranslatorOf, person_id_of
from oim.channels.rest.problems import describe
from oim.channels.rest.schemas import OpportunityOut
from oim.channels.rest.strict_model import StrictModel, example_config
from oim.features import following
from oim.features.following import DismissalReason

router = APIRouter(prefix="/v1/me", tags=["following"])


class SavedOut(StrictModel):
    """An offer that was saved, and whether it is still open."""

    opportunity: OpportunityOut
    saved_at: datetime
    open: bool


class SavedListOut(StrictModel):
    """The offers saved, the last one first."""

    model_config = example_config({"items": []})

    items: list[SavedOut]


class ReasonIn(StrictModel):
    """Why an offer is not for them."""

    model_config = example_config({"reason": "too_far"})

    reason: DismissalReason


class DismissedOut(StrictModel):
    """An offer that was put aside, and why."""

    opportunity: OpportunityOut
    reason: DismissalReason
    dismissed_at: datetime


class DismissedListOut(StrictModel):
    """The offers put aside, the last one first."""

    model_config = example_config({"items": []})

    items: list[DismissedOut]


@router.get("/saved", **describe("List the offers saved", 401, 404, model=SavedListOut))
def list_saved(services: ServicesOf, caller: PersonOf, t: TranslatorOf) -> SavedListOut:
    """The last saved first, those that have closed too."""
    with services.database.write() as session:
        found = following.list_saved(session, caller, person_id_of(caller))
    return SavedListOut(
        items=[
            SavedOut(opportunity=OpportunityOut.from_domain(one.offer, t), saved_at=one.at, open=one.open)
            for one in found
        ]
    )


@router.put("/saved/{opportunity_id}", **describe("Save an offer", 401, 404, status=204))
def save(opportunity_id: UUID, services: ServicesOf, caller: PersonOf) -> None:
    """One that is saved already stays where it is."""
    with services.database.write() as session:
        following.save(session, caller, person_id_of(caller), opportunity_id)


@router.delete("/saved/{opportunity_id}", **describe("Save an offer no longer", 401, 404, status=204))
def unsave(opportunity_id: UUID, services: ServicesOf, caller: PersonOf) -> None:
    """One that is not saved changes nothing."""
    with services.database.write() as session:
        following.unsave(session, caller, person_id_of(caller), opportunity_id)


@router.get("/dismissed", **describe("List the offers put aside", 401, 404, model=DismissedListOut))
def list_dismissed(services: ServicesOf, caller: PersonOf, t: TranslatorOf) -> DismissedListOut:
    """The last put aside first, each with its reason."""
    with services.database.write() as session:
        found = following.list_dismissed(session, caller, person_id_of(caller))
    return DismissedListOut(
        items=[
            DismissedOut(
                opportunity=OpportunityOut.from_domain(one.offer, t), reason=one.reason, dismissed_at=one.at
            )
            for one in found
        ]
    )


@router.put("/dismissed/{opportunity_id}", **describe("Put an offer aside", 401, 404, status=204))
def dismiss(opportunity_id: UUID, body: ReasonIn, services: ServicesOf, caller: PersonOf) -> None:
    """One that is put aside already takes the new reason. Lists made for the person leave it out."""
    with services.database.write() as session:
        following.dismiss(session, caller, person_id_of(caller), opportunity_id, body.reason)


@router.delete("/dismissed/{opportunity_id}", **describe("Take an offer back", 401, 404, status=204))
def undo(opportunity_id: UUID, services: ServicesOf, caller: PersonOf) -> None:
    """One that is not put aside changes nothing."""
    with services.database.write() as session:
        following.undo_dismissal(session, caller, person_id_of(caller), opportunity_id)
