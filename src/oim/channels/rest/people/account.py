"""A person's account: name, language, contacts, PIN, and who helps."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from oim.channels.http.services import ServicesOf
from oim.channels.rest.dependencies import PersonOf, PinOf, person_id_of
from oim.channels.rest.idempotency import IdempotencyOf
from oim.channels.rest.problems import describe
from oim.channels.rest.strict_model import StrictModel, example_config
from oim.features import people
from oim.features.people import Channel, Person
from oim.features.sign_in import (
    IDLE_TIMEOUT,
    AccountChange,
    add_contact,
    change_name,
    change_pin,
    prove_pin,
    replace_sessions,
)

router = APIRouter(prefix="/v1/me", tags=["account"])


class ContactOut(StrictModel):
    """A contact."""

    model_config = example_config(
        {"id": "2b1f4c7e-8a60-4b5d-9c3f-1e7d5a9b0c24", "channel": "sms", "value": "+237677123456"}
    )

    id: UUID
    channel: Channel
    value: str


class PersonOut(StrictModel):
    """Who the caller is."""

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
        """As the API shows a person to themselves."""
        contacts = [
            ContactOut(id=id_, channel=one.channel, value=one.value) for id_, one in person.contacts.items()
        ]
        return cls(
            id=person.id,
            name=person.name,
            language=person.language,
            created_at=person.created_at,
            contacts=contacts,
        )


class NameIn(StrictModel):
    """Another name or language; what is left out stays."""

    model_config = example_config({"name": "Awa Ngono", "language": "en"})

    name: str | None = Field(None, max_length=200)
    language: Literal["fr", "en"] | None = None


class PinIn(StrictModel):
    """Another PIN, with the present one."""

    model_config = example_config({"old": "2580", "new": "1357"})

    old: str = Field(max_length=20)
    new: str = Field(max_length=20)


class TokenOut(StrictModel):
    """The one session that goes on."""

    model_config = example_config({"token": "bSTdK6Q9…", "expires_in": 1800})

    token: str
    expires_in: int


class ProofIn(StrictModel):
    """The ticket of the contact to add."""

    model_config = example_config({"ticket": "Zf0a…"})

    ticket: str = Field(max_length=100)


@router.get("", **describe("Read one's account", 401, 404, model=PersonOut))
def read(services: ServicesOf, caller: PersonOf) -> PersonOut:
    """Name, language and contacts of the caller."""
    with services.database.write() as session:
        return PersonOut.from_domain(people.get(session, caller, person_id_of(caller)))


@router.patch("", **describe("Change name or language", 401, 404, 429, model=PersonOut))
def change(body: NameIn, services: ServicesOf, caller: PersonOf, pin: PinOf) -> PersonOut:
    """Another name, which one signs in by, or another language for messages."""
    with services.database.write() as session:
        prove_pin(session, services.sign_in, person_id_of(caller), pin)
        naming = AccountChange(body.name or None, body.language, pin)
        change_name(session, services.sign_in, caller, person_id_of(caller), naming)
        return PersonOut.from_domain(people.get(session, caller, person_id_of(caller)))


@router.put("/pin", **describe("Change the PIN", 401, 404, 429, model=TokenOut))
def change_the_pin(body: PinIn, services: ServicesOf, caller: PersonOf) -> TokenOut:
    """Another PIN. Every session ends, but for the one whose token is given back."""
    with services.database.write() as session:
        change_pin(session, services.sign_in, caller, person_id_of(caller), old=body.old, new=body.new)
    return TokenOut(
        token=replace_sessions(services.sign_in, caller), expires_in=int(IDLE_TIMEOUT.total_seconds())
    )


@router.post("/contacts", **describe("Add a contact", 401, 404, 409, 429, status=201, model=PersonOut))
def add(
    body: ProofIn, services: ServicesOf, caller: PersonOf, pin: PinOf, idempotency: IdempotencyOf
) -> Response:
    """A contact more, proved by a ticket."""
    with services.database.write() as session:

        def added() -> PersonOut:
            prove_pin(session, services.sign_in, person_id_of(caller), pin)
            add_contact(session, services.sign_in, caller, person_id_of(caller), body.ticket, pin=pin)
            session.flush()
            return PersonOut.from_domain(people.get(session, caller, person_id_of(caller)))

        return idempotency.respond(session, 201, added)


@router.delete("/contacts/{contact_id}", **describe("Remove a contact", 401, 404, 409, 429, status=204))
def remove(contact_id: UUID, services: ServicesOf, caller: PersonOf, pin: PinOf) -> None:
    """A contact less; the last one stays."""
    with services.database.write() as session:
        prove_pin(session, services.sign_in, person_id_of(caller), pin)
        people.remove_contact(session, caller, person_id_of(caller), contact_id)
