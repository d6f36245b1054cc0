"""The route by which clients report what a person did with a recommended offer."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from oim.channels.http.costs import EVENT_COST
from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.rest.dependencies import takes_points
from oim.channels.rest.problems import describe
from oim.features.events import EventKind, record_offer_event


class ReportableEventKind(StrEnum):
    """What a client may report. Which offers were shown is recorded by the engine itself."""

    OPENED = EventKind.OPENED.value
    SAVED = EventKind.SAVED.value
    APPLIED = EventKind.APPLIED.value
    REDIRECTED = EventKind.REDIRECTED.value
    OUTCOME = EventKind.OUTCOME.value


class EventIn(BaseModel):
    """What a person did with one offer of one list of recommendations. It identifies no person."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "list_id": "6f1c2f0e-52f5-4f0e-9d0c-0d4c2f7a9b11",
                "opportunity_id": "0b0f6f5e-7f6a-5d6c-8c7e-2c5d1a3b4e6f",
                "kind": "opened",
            }
        },
    )

    list_id: UUID = Field(description="`list_id` of the recommendations.")
    opportunity_id: UUID
    kind: ReportableEventKind


router = APIRouter(route_class=PersonalRoute, prefix="/v1", tags=["events"])


@router.post(
    "/events",
    dependencies=[takes_points(EVENT_COST)],
    **describe("Report what a person did", 400, 404, 413, status=204),
)
def create_event(event: EventIn, services: ServicesOf) -> None:
    """Report what a person did with a recommended offer. Reporting the same again changes nothing."""
    with services.database.write() as session:
        record_offer_event(session, EventKind(event.kind.value), event.list_id, event.opportunity_id)
