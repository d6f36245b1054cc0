"""Kinds of messages, and what sending them needs from the outside."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class MessageKind(StrEnum):
    """What a message is about. The comments name the values that fill its words, and the occasion."""

    CODE = "code"  # code, minutes: sent at once, at any hour
    ALERT = "alert"  # count: new offers of a saved search
    STAGE = "stage"  # title: an application moved
    OUTCOME = "outcome"  # title: a question about what came of an application
    INACTIVE = "inactive"  # day: on which an inactive account will be erased


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One message as a gateway takes it. `id` is the same at each try, so that it arrives once."""

    id: UUID
    address: str
    subject: str
    text: str


class Sender(Protocol):
    """A gateway to people: SMS, WhatsApp or e-mail."""

    def send(self, message: OutgoingMessage) -> None:
        """Hand a message to the gateway, which ignores an id that it has seen. Raises UnavailableError."""
