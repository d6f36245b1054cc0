"""Routes of the caller's case workers ("helpers"): listing them, letting one help, ending it.

A case worker who helps may read and fill in the person's profile while the mandate lasts.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.rest.dependencies import OriginOf, PersonOf, PinOf, person_id_of
from oim.channels.rest.idempotency import IdempotencyOf
from oim.channels.rest.problems import describe
from oim.channels.rest.strict_model import StrictModel, example_config
from oim.features import access, staff
from oim.features.access import Actor, Mandate
from oim.features.sign_in import require_pin
from oim.features.staff import CaseWorker
from oim.kit.db import WriteSession

router = APIRouter(route_class=PersonalRoute, prefix="/v1/me", tags=["account"])


class HelperIn(StrictModel):
    """The code of a case worker, which they show to the person."""

    model_config = example_config({"code": "K3LP7A"})

    code: str = Field(max_length=20)


class HelperOut(StrictModel):
    """A case worker who helps the person, and until when."""

    model_config = example_config(
        {
            "id": "9f0a3d52-6b1e-4f8c-a7d4-0c5e2b8f6a13",
            "name": "Esther",
            "given_at": "2026-11-25T10:00:00Z",
            "until": "2027-02-23T10:00:00Z",
        }
    )

    id: UUID
    name: str
    given_at: datetime
    until: datetime

    @classmethod
    def from_domain(cls, mandate: Mandate, worker: CaseWorker) -> HelperOut:
        """Convert a mandate and the case worker who has it."""
        return cls(id=mandate.id, name=worker.name, given_at=mandate.given_at, until=mandate.until)


class HelpersOut(StrictModel):
    """The case workers who help the person now."""

    model_config = example_config({"items": []})

    items: list[HelperOut]


@router.get("/helpers", **describe("List your case workers", 401, 404, model=HelpersOut))
def list_helpers(services: ServicesOf, caller: PersonOf) -> HelpersOut:
    """List the case workers who help the caller now."""
    with services.database.write() as session:
        return HelpersOut(items=_load_helpers(session, caller))


@router.post(
    "/helpers", **describe("Let a case worker help", 401, 404, 409, 429, status=201, model=HelpersOut)
)
def add_helper(
    body: HelperIn,
    services: ServicesOf,
    caller: PersonOf,
    pin: PinOf,
    origin: OriginOf,
    idempotency: IdempotencyOf,
) -> Response:
    """Let the case worker with a code help the caller for 90 days."""

    def create_mandate(session: WriteSession) -> HelpersOut:
        worker = staff.find_case_worker_by_code(session, body.code)
        access.give_mandate(session, caller, person_id_of(caller), worker.id)
        return HelpersOut(items=_load_helpers(session, caller))

    def act() -> Response:
        # In here, so that a repeated call with the same key does not use up one of the tries of the PIN.
        require_pin(services.database, services.sign_in, person_id_of(caller), pin, origin.device)
        with services.database.write() as session:
            return idempotency.respond(session, 201, lambda: create_mandate(session))

    return idempotency.answer(services.database, 201, act)


@router.delete("/helpers/{helper_id}", **describe("End a case worker's help", 401, 404, status=204))
def remove_helper(helper_id: UUID, services: ServicesOf, caller: PersonOf) -> None:
    """End the help of a case worker at once. One that has ended already stays as it is."""
    with services.database.write() as session:
        access.end_mandate(session, caller, person_id_of(caller), helper_id)


def _load_helpers(session: WriteSession, caller: Actor) -> list[HelperOut]:
    """Load the case workers of the caller's mandates in force."""
    mandates = access.list_mandates(session, caller, person_id_of(caller))
    helpers = staff.match_case_workers(session, mandates)
    return [HelperOut.from_domain(mandate, worker) for mandate, worker in helpers]
