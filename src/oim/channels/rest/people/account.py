"""A person's account: name, language, contacts, PIN, and who helps."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Response
from pydantic import Field

from oim.channels.rest.dependencies import PersonOf
from oim.channels.rest.idempotency import OnceOf
from oim.channels.rest.problems import told
from oim.channels.rest.services import ServicesOf
from oim.channels.rest.strict_model import Shape, shaped
from oim.features import access, people, staff
from oim.features.access import Actor, Mandate
from oim.features.people import Channel, Person
from oim.features.sign_in import IDLE, Naming, add_contact, change_name, change_pin, prove_pin, renewed
from oim.features.staff import Worker
from oim.kit.db import WriteSession
from oim.kit.errors import NotFoundError

router = APIRouter(prefix="/v1/me", tags=["account"])
PinOf = Annotated[str, Header(alias="OIM-PIN", max_length=20, description="The person's PIN, once more.")]


class ContactOut(Shape):
    """A contact."""

    model_config = shaped(
        {"id": "2b1f4c7e-8a60-4b5d-9c3f-1e7d5a9b0c24", "channel": "sms", "value": "+237677123456"}
    )

    id: UUID
    channel: Channel
    value: str


class PersonOut(Shape):
    """Who the caller is."""

    model_config = shaped(
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
    def of(cls, person: Person) -> PersonOut:
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


class NameIn(Shape):
    """Another name or language; what is left out stays."""

    model_config = shaped({"name": "Awa Ngono", "language": "en"})

    name: str | None = Field(None, max_length=200)
    language: Literal["fr", "en"] | None = None


class PinIn(Shape):
    """Another PIN, with the present one."""

    model_config = shaped({"old": "2580", "new": "1357"})

    old: str = Field(max_length=20)
    new: str = Field(max_length=20)


class TokenOut(Shape):
    """The one session that goes on."""

    model_config = shaped({"token": "bSTdK6Q9…", "expires_in": 1800})

    token: str
    expires_in: int


class ProofIn(Shape):
    """The ticket of the contact to add."""

    model_config = shaped({"ticket": "Zf0a…"})

    ticket: str = Field(max_length=100)


class HelperIn(Shape):
    """A case worker, by the code that they tell."""

    model_config = shaped({"code": "K3LP7A"})

    code: str = Field(max_length=20)


class HelperOut(Shape):
    """A case worker who helps, and until when."""

    model_config = shaped(
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
    def of(cls, mandate: Mandate, worker: Worker) -> HelperOut:
        """As the API shows it."""
        return cls(id=mandate.id, name=worker.name, given_at=mandate.given_at, until=mandate.until)


class HelpersOut(Shape):
    """Those who help now."""

    model_config = shaped({"items": []})

    items: list[HelperOut]


@router.get("", **told("Read one's account", 401, 404, model=PersonOut))
def read(services: ServicesOf, caller: PersonOf) -> PersonOut:
    """Name, language and contacts of the caller."""
    with services.database.write() as session:
        return PersonOut.of(people.get(session, caller, own(caller)))


@router.patch("", **told("Change name or language", 401, 404, 429, model=PersonOut))
def change(wanted: NameIn, services: ServicesOf, caller: PersonOf, pin: PinOf) -> PersonOut:
    """Another name, which one signs in by, or another language for messages."""
    with services.database.write() as session:
        prove_pin(session, services.doors, own(caller), pin)
        naming = Naming(wanted.name or None, wanted.language, pin)
        change_name(session, services.doors, caller, own(caller), naming)
        return PersonOut.of(people.get(session, caller, own(caller)))


@router.put("/pin", **told("Change the PIN", 401, 404, 429, model=TokenOut))
def change_the_pin(wanted: PinIn, services: ServicesOf, caller: PersonOf) -> TokenOut:
    """Another PIN. Every session ends, but for the one whose token is given back."""
    with services.database.write() as session:
        change_pin(session, services.doors, caller, own(caller), old=wanted.old, new=wanted.new)
    return TokenOut(token=renewed(services.doors, caller), expires_in=int(IDLE.total_seconds()))


@router.post("/contacts", **told("Add a contact", 401, 404, 409, 429, status=201, model=PersonOut))
def add(proof: ProofIn, services: ServicesOf, caller: PersonOf, pin: PinOf, once: OnceOf) -> Response:
    """A contact more, proved by a ticket."""
    with services.database.write() as session:

        def added() -> PersonOut:
            prove_pin(session, services.doors, own(caller), pin)
            add_contact(session, services.doors, caller, own(caller), proof.ticket, pin=pin)
            session.flush()
            return PersonOut.of(people.get(session, caller, own(caller)))

        return once.answer(session, 201, added)


@router.delete("/contacts/{contact_id}", **told("Remove a contact", 401, 404, 409, 429, status=204))
def remove(contact_id: UUID, services: ServicesOf, caller: PersonOf, pin: PinOf) -> None:
    """A contact less; the last one stays."""
    with services.database.write() as session:
        prove_pin(session, services.doors, own(caller), pin)
        people.remove_contact(session, caller, own(caller), contact_id)


@router.get("/helpers", **told("List who helps", 401, 404, model=HelpersOut))
def helpers(services: ServicesOf, caller: PersonOf) -> HelpersOut:
    """The case workers who help now."""
    with services.database.write() as session:
        return HelpersOut(items=_helpers(session, caller))


@router.post("/helpers", **told("Let a case worker help", 401, 404, 409, 429, status=201, model=HelpersOut))
def let_help(wanted: HelperIn, services: ServicesOf, caller: PersonOf, pin: PinOf, once: OnceOf) -> Response:
    """Let the case worker of a code help for three months."""
    with services.database.write() as session:

        def let() -> HelpersOut:
            prove_pin(session, services.doors, own(caller), pin)
            worker = staff.worker_by_code(session, wanted.code)
            access.give_mandate(session, caller, own(caller), worker.id)
            return HelpersOut(items=_helpers(session, caller))

        return once.answer(session, 201, let)


@router.delete("/helpers/{helper_id}", **told("End a case worker's help", 401, 404, status=204))
def end_help(helper_id: UUID, services: ServicesOf, caller: PersonOf) -> None:
    """They help no more."""
    with services.database.write() as session:
        access.end_mandate(session, caller, own(caller), helper_id)


def own(caller: Actor) -> UUID:
    """The caller's own id."""
    if caller.id is None:
        raise NotFoundError(access.NOTHING_HERE)
    return caller.id


def _helpers(session: WriteSession, caller: Actor) -> list[HelperOut]:
    held = access.mandates_of(session, caller, own(caller))
    found = [(one, staff.worker(session, one.staff)) for one in held]
    return [HelperOut.of(one, worker) for one, worker in found if worker]
