"""Routes of data protection rights: exporting and erasing the caller's data, and seeing who used it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter

from oim.channels.http.services import Services, ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.rest.dependencies import OriginOf, PersonOf, PinOf, TranslatorOf, person_id_of
from oim.channels.rest.problems import describe
from oim.channels.rest.strict_model import StrictModel, example_config
from oim.channels.wording import render_trail_entry
from oim.features import rights
from oim.features.access import Actor
from oim.features.sign_in import Origin, require_pin

router = APIRouter(route_class=PersonalRoute, prefix="/v1/me", tags=["rights"])


class ExportOut(StrictModel):
    """All stored data about the person, in sections. Documents include their files in Base64."""

    model_config = example_config(
        {
            "exported_at": "2026-11-25T10:00:00Z",
            "sections": {"account": {"name": "Awa Ngono"}, "profile": {"wish": "coudre"}, "documents": []},
        }
    )

    exported_at: datetime
    sections: dict[str, Any]


class TrailEntryOut(StrictModel):
    """An access to data of the caller: the role of the one who had it, the action and what it concerned."""

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
    """The latest entries, newest first."""

    model_config = example_config({"items": []})

    items: list[TrailEntryOut]


@router.get("/export", **describe("Export your data", 401, 404, 429, model=ExportOut))
def export_data(services: ServicesOf, caller: PersonOf, pin: PinOf, origin: OriginOf) -> ExportOut:
    """Export all stored data about the caller."""
    _check_pin(services, caller, pin, origin)
    sections = rights.export(services.database, services.blobs, caller, person_id_of(caller))
    # One mapping has the sections and the time; the API shows the time outside of them.
    return ExportOut(exported_at=sections.pop("exported_at"), sections=sections)


@router.delete("", **describe("Erase your account and data", 401, 404, 429, status=204))
def erase_account(services: ServicesOf, caller: PersonOf, pin: PinOf, origin: OriginOf) -> None:
    """Erase the account and all data of the caller, at once and for good. Anonymous counts stay."""
    _check_pin(services, caller, pin, origin)
    rights.erase(services.database, services.blobs, services.sign_in.sessions, caller, person_id_of(caller))


@router.get("/trail", **describe("See who used your data", 401, 404, model=TrailOut))
def list_trail(services: ServicesOf, caller: PersonOf, t: TranslatorOf) -> TrailOut:
    """List who read or changed data of the caller, from the audit trail."""
    with services.database.write() as session:
        entries = rights.list_trail_entries(session, caller, person_id_of(caller))
    return TrailOut(
        items=[
            TrailEntryOut(
                at=entry.at,
                role=entry.role,
                action=entry.action,
                resource=entry.resource,
                text=render_trail_entry(entry.action, entry.resource, t),
            )
            for entry in entries
        ]
    )


def _check_pin(services: Services, caller: Actor, pin: str, origin: Origin) -> None:
    """Check the PIN of the caller. Raises BadInputError, TooManyError."""
    require_pin(services.database, services.sign_in, person_id_of(caller), pin, origin.device)
