"""What sending needs from outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


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
