"""A person's case workers: who helps them now, asking one, ending it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from oim.channels.http.services import ServicesOf
from oim.channels.rest.dependencies import PersonOf, PinOf, person_id_of
from oim.channels.rest.idempotency import IdempotencyOf
from oim.channels.rest.problems import describe
from oim.channels.rest.strict_model import StrictModel, example_config
from oim.features import access, staff
from oim.features.access import Actor, Mandate
from oim.features.sign_in import prove_pin
from oim.features.staff import CaseWorker
from oim.kit.db import WriteSession

router = APIRouter(prefix="/v1/me", tags=["account"])


class HelperIn(StrictModel):
    """A case worker, by the code that they tell."""

    model_config = example_config({"code": "K3LP7A"})

    code: str = Field(max_length=20)


class HelperOut(StrictModel):
    """A case worker who helps, and until when."""

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
        """As the API shows it."""
        return cls(id=mandate.id, name=worker.name, given_at=mandate.given_at, until=mandate.until)


class HelpersOut(StrictModel):
    """Those who help now."""

    model_config = example_config({"items": []})

    items: list[HelperOut]


@router.get("/helpers", **describe("List who helps", 401, 404, model=HelpersOut))
def helpers(services: ServicesOf, caller: PersonOf) -> HelpersOut:
    """The case workers who help now."""
    with services.database.write() as session:
        return HelpersOut(items=_load_helpers(session, caller))


@router.post(
    "/helpers", **describe("Let a case worker help", 401, 404, 409, 429, status=201, model=HelpersOut)
)
def add_helper(
    body: HelperIn, services: ServicesOf, caller: PersonOf, pin: PinOf, idempotency: IdempotencyOf
) -> Response:
    """Let the case worker of a code help for three months."""
    with services.database.write() as session:

        def let() -> HelpersOut:
            prove_pin(session, services.sign_in, person_id_of(caller), pin)
            worker = staff.find_case_worker_by_code(session, body.code)
            access.give_mandate(session, caller, person_id_of(caller), worker.id)
            return HelpersOut(items=_load_helpers(session, caller))

        return idempotency.respond(session, 201, let)


@router.delete("/helpers/{helper_id}", **describe("End a case worker's help", 401, 404, status=204))
def end_help(helper_id: UUID, services: ServicesOf, caller: PersonOf) -> None:
    """They help no more."""
    with services.database.write() as session:
        access.end_mandate(session, caller, person_id_of(caller), helper_id)


def _load_helpers(session: WriteSession, caller: Actor) -> list[HelperOut]:
    held = access.list_mandates(session, caller, person_id_of(caller))
    found = [(one, staff.find_case_worker(session, one.staff)) for one in held]
    return [HelperOut.from_domain(one, worker) for one, worker in found if worker]
