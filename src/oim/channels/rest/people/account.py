"""Routes of the caller's account: name, language, PIN and contacts.

Changes ask for the PIN again: whoever finds a signed-in telephone must not take the account over.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from oim.channels.http.services import ServicesOf
from oim.channels.http.threads import PersonalRoute
from oim.channels.rest.dependencies import OriginOf, PersonOf, PinOf, person_id_of
from oim.channels.rest.idempotency import IdempotencyOf
from oim.channels.rest.problems import describe
from oim.channels.rest.strict_model import StrictModel, example_config
from oim.features import people
from oim.features.people import Channel, Person
from oim.features.sign_in import (
    IDLE_TIMEOUT,
    AccountChange,
    ContactProof,
    PinChange,
    RunOnce,
    add_contact,
    change_name,
    change_pin,
    replace_sessions,
    require_pin,
)

router = APIRouter(route_class=PersonalRoute, prefix="/v1/me", tags=["account"])


class ContactOut(StrictModel):
    """A contact of the person: a telephone number or an e-mail address."""

    model_config = example_config(
        {"id": "2b1f4c7e-8a60-4b5d-9c3f-1e7d5a9b0c24", "channel": "sms", "value": "+237677123456"}
    )

    id: UUID
    channel: Channel
    value: str


class PersonOut(StrictModel):
    """The account of the caller."""

    model_config = example_config(
        {
            "id": "6f1c2f0e-52f5-4f0e-9d0c-0d4c2f7a9b11",
            "name": "Awa Ngono",
            "language": "fr",
            "created_at": "2026-11-25T10:00:00Z",
            "contacts": [
                {"id": "2b1f4c7e-8a60-4b5d-9c3f-1e7d5a9b0c24", "channel": "sms", "value": "+237677123456"}
            ],
        }
    )

    id: UUID
    name: str
    language: str
    created_at: datetime
    contacts: list[ContactOut]

    @classmethod
    def from_domain(cls, person: Person) -> PersonOut:
        """Convert an account."""
        contacts = [
            ContactOut(id=id_, channel=contact.channel, value=contact.value)
            for id_, contact in person.contacts.items()
        ]
        return cls(
            id=person.id,
            name=person.name,
            language=person.language,
            created_at=person.created_at,
            contacts=contacts,
        )


class NameIn(StrictModel):
    """A new name or language. What is left out stays as it is."""

    model_config = example_config({"name": "Awa Ngono", "language": "en"})

    name: str | None = Field(None, max_length=200)
    language: Literal["fr", "en"] | None = None


class PinIn(StrictModel):
    """The present PIN (`old`) and the one to use from now on (`new`)."""

    model_config = example_config({"old": "2580", "new": "1357"})

    old: str = Field(max_length=20)
    new: str = Field(max_length=20)


class TokenOut(StrictModel):
    """The token of the only session that goes on."""

    model_config = example_config({"token": "bSTdK6Q9…", "expires_in": 1800})

    token: str
    expires_in: int


class ProofIn(StrictModel):
    """The ticket that proves the contact to add (from `POST /v1/sign-in/tickets`)."""

    model_config = example_config({"ticket": "Zf0a…"})

    ticket: str = Field(max_length=100)


@router.get("", **describe("Read your account", 401, 404, model=PersonOut))
def get_account(services: ServicesOf, caller: PersonOf) -> PersonOut:
    """Read the name, language and contacts of the caller."""
    with services.database.write() as session:
        return PersonOut.from_domain(people.get(session, caller, person_id_of(caller)))


@router.patch("", **describe("Change your name or language", 401, 404, 429, model=PersonOut))
def change_account(
    body: NameIn, services: ServicesOf, caller: PersonOf, pin: PinOf, origin: OriginOf
) -> PersonOut:
    """Change the name to sign in by, or the language of messages."""
    require_pin(services.database, services.sign_in, person_id_of(caller), pin, origin.device)
    # An empty name is treated as left out: nobody can sign in without a name.
    change = AccountChange(body.name or None, body.language, pin, origin.device)
    change_name(services.database, services.sign_in, caller, person_id_of(caller), change)
    with services.database.write() as session:
        return PersonOut.from_domain(people.get(session, caller, person_id_of(caller)))


@router.put("/pin", **describe("Change your PIN", 401, 404, 429, model=TokenOut))
def replace_pin(body: PinIn, services: ServicesOf, caller: PersonOf, origin: OriginOf) -> TokenOut:
    """Change the PIN. Every session of the caller ends; the response has the token of a new one."""
    person = person_id_of(caller)
    pins = PinChange(body.old, body.new, origin.device)
    change_pin(services.database, services.sign_in, caller, person, pins)
    # Only after the commit: sessions must not end for a PIN that was not changed after all.
    return TokenOut(
        token=replace_sessions(services.sign_in, caller), expires_in=int(IDLE_TIMEOUT.total_seconds())
    )


@router.post("/contacts", **describe("Add a contact", 401, 404, 409, 429, status=201, model=PersonOut))
def create_contact(
    body: ProofIn,
    services: ServicesOf,
    caller: PersonOf,
    pin: PinOf,
    origin: OriginOf,
    idempotency: IdempotencyOf,
) -> Response:
    """Add a contact, which a ticket proves to be the caller's."""
    person = person_id_of(caller)

    def act(run: RunOnce[None]) -> None:
        # In here, so that a repeated call with the same key does not use up one of the tries of the PIN.
        require_pin(services.database, services.sign_in, person, pin, origin.device)
        proof = ContactProof(body.ticket, pin, origin.device)
        add_contact(services.database, services.sign_in, caller, person, proof, run)

    return idempotency.answer_acting(
        services.database,
        201,
        act,
        build=lambda session, _: PersonOut.from_domain(people.get(session, caller, person)),
        read=lambda _: None,
    )


@router.delete("/contacts/{contact_id}", **describe("Remove a contact", 401, 404, 409, 429, status=204))
def remove_contact(
    contact_id: UUID, services: ServicesOf, caller: PersonOf, pin: PinOf, origin: OriginOf
) -> None:
    """Remove a contact. The last one cannot be removed."""
    require_pin(services.database, services.sign_in, person_id_of(caller), pin, origin.device)
    with services.database.write() as session:
        people.remove_contact(session, caller, person_id_of(caller), contact_id)
