"""Bodies of signing in, in requests and responses: contacts, codes, tickets, entries and sessions."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import Field

from oim.channels.rest.dependencies import person_id_of
from oim.channels.rest.strict_model import StrictModel, example_config
from oim.features.consents import Purpose
from oim.features.people import Channel
from oim.features.sign_in import IDLE_TIMEOUT, SignedIn


class ContactIn(StrictModel):
    """A telephone number or an e-mail address that the person can read now."""

    model_config = example_config({"contact": "+237 6 77 12 34 56", "channel": "sms"})

    contact: str = Field(max_length=254)
    channel: Channel | None = Field(None, description="By default SMS for a number, e-mail for an address.")


class ChallengeOut(StrictModel):
    """A code was sent. The response is the same whether or not somebody has an account with the contact."""

    model_config = example_config({"challenge": "k3J9…", "sent_to": "+237 … 56", "expires_in": 600})

    challenge: str
    sent_to: str
    expires_in: int = Field(description="Seconds.")


class CodeIn(StrictModel):
    """The code that came in the message, and the challenge that it belongs to."""

    model_config = example_config({"challenge": "k3J9…", "code": "4132033"})

    challenge: str = Field(max_length=100)
    code: str = Field(max_length=20)


class TicketOut(StrictModel):
    """The proof that the contact is the person's. A ticket can be used once."""

    model_config = example_config({"ticket": "Zf0a…", "expires_in": 900})

    ticket: str
    expires_in: int = Field(description="Seconds.")


class EntryIn(StrictModel):
    """Which of the people who share the contact signs in: a name and a PIN, with the ticket."""

    model_config = example_config({"ticket": "Zf0a…", "name": "Awa Ngono", "pin": "2580"})

    ticket: str = Field(max_length=100)
    name: str = Field(max_length=200)
    pin: str = Field(max_length=20)


class NewcomerIn(EntryIn):
    """A new person on the contact, and the purposes that they agree to: none by default."""

    model_config = example_config(
        {
            "ticket": "Zf0a…",
            "name": "Awa Ngono",
            "pin": "2580",
            "language": "fr",
            "consents": ["matching", "messages"],
        }
    )

    language: Literal["fr", "en"] = "fr"
    consents: list[Purpose] = Field([], max_length=len(Purpose))
    only_if_first: bool = Field(False, description="409 if somebody joined by this contact meanwhile.")


class StaffEntryIn(StrictModel):
    """E-mail address and password of a member of staff, and the present code of their authenticator."""

    model_config = example_config(
        {"email": "ada@example.org", "password": "quatre mots bien longs", "code": "123456"}
    )

    email: str = Field(max_length=254)
    password: str = Field(max_length=500)
    code: str = Field(max_length=20)


class SessionOut(StrictModel):
    """A session. Send `Authorization: Bearer <token>`. It ends `expires_in` seconds after the last call."""

    model_config = example_config(
        {
            "token": "bSTdK6Q9…",
            "id": "6f1c2f0e-52f5-4f0e-9d0c-0d4c2f7a9b11",
            "role": "person",
            "expires_in": 1800,
            "device": "hX3…",
        }
    )

    token: str
    id: UUID
    role: str
    expires_in: int
    device: str = Field(
        "",
        description="Opens nothing. Keep it and send it as `OIM-Device` when signing in again: requests of "
        "others from elsewhere then use up no limit of yours.",
    )

    @classmethod
    def from_domain(cls, signed_in: SignedIn) -> SessionOut:
        """Convert who has signed in."""
        return cls(
            token=signed_in.token,
            id=person_id_of(signed_in.actor),
            role=signed_in.actor.role.value,
            expires_in=int(IDLE_TIMEOUT.total_seconds()),
            device=signed_in.device,
        )
