"""What is kept of a person: taken away, erased, and who reached it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter

from oim.channels.http.services import Services, ServicesOf
from oim.channels.rest.dependencies import PersonOf, PinOf, TranslatorOf, person_id_of
from oim.channels.rest.problems import describe
from oim.channels.rest.strict_model import StrictModel, example_config
from oim.channels.wording import render_trail_entry
from oim.features import rights
from oim.features.access import Actor
from oim.features.sign_in import prove_pin

router = APIRouter(prefix="/v1/me", tags=["rights"])


class ExportOut(StrictModel):
    """Everything that is kept, in sections; documents with their files in Base64."""

    model_config = example_config(
        {
            "exported_at": "2026-11-25T10:00:00Z",
            "sections": {"account": {"name": "Awa Ngono"}, "profile": {"wish": "coudre"}, "documents": []},
        }
    )

    exported_at: datetime
    sections: dict[str, Any]


class TrailEntryOut(StrictModel):
    """Who by role did what to what of the caller's."""

    model_config = example_config(
        {
            "at": "2026-11-25T10:00:00Z",
            "role": "case_worker",
            "action": "read",
            "resource": "profile",
            "text": "lu : profil",
        }
    )

    at: datetime
    role: str
    action: str
    resource: str
    text: str


class TrailOut(StrictModel):
    """The newest entries, newest first."""

    model_config = example_config({"items": []})

    items: list[TrailEntryOut]


@router.get("/export", **describe("Take everything away", 401, 404, 429, model=ExportOut))
def export(services: ServicesOf, caller: PersonOf, pin: PinOf) -> ExportOut:
    """Everything that is kept of the caller."""
    _check_pin(services, caller, pin)
    found = rights.export(services.database, services.blobs, caller, person_id_of(caller))
    return ExportOut(exported_at=found.pop("exported_at"), sections=found)


@router.delete("", **describe("Erase everything", 401, 404, 429, status=204))
def erase(services: ServicesOf, caller: PersonOf, pin: PinOf) -> None:
    """Erase the caller, at once and for good. Counts without names stay."""
    _check_pin(services, caller, pin)
    rights.erase(services.database, services.blobs, services.sign_in.sessions, caller, person_id_of(caller))


@router.get("/trail", **describe("See who reached what", 401, 404, model=TrailOut))
def trail(services: ServicesOf, caller: PersonOf, t: TranslatorOf) -> TrailOut:
    """Who read or changed what is the caller's."""
    with services.database.write() as session:
        entries = rights.list_trail_entries(session, caller, person_id_of(caller))
    return TrailOut(
        items=[
            TrailEntryOut(
                at=one.at,
                role=one.role,
                action=one.action,
                resource=one.resource,
                text=render_trail_entry(one.action, one.resource, t),
            )
            for one in entries
        ]
    )


def _check_pin(services: Services, caller: Actor, pin: str) -> None:
    with services.database.read() as session:
        prove_pin(session, services.sign_in, person_id_of(caller), pin)
