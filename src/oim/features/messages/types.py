"""What messages are about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class MessageKind(StrEnum):
    """What a message says. Each is worded by the channels from its values."""

    CODE = "code"  # code, minutes: sent at once, at any hour
    ALERT = "alert"  # count: new offers of a saved search
    STAGE = "stage"  # title: an application moved
    OUTCOME = "outcome"  # title: what became of it?
    INACTIVE = "inactive"  # day: on which they will be forgotten


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One message as a gateway takes it. `id` is the same each time it is tried, so that it arrives once."""

    id: UUID
    address: str
    subject: str
    text: str


class Sender(Protocol):
    """A way to people: SMS, WhatsApp, e-mail."""

    def send(self, message: OutgoingMessage) -> None:
        """Hand it to the gateway. The same id again sends nothing again. Raises UnavailableError."""
