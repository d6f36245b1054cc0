"""Kinds and states of messages, and what sending them needs from the outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    PIN_ASKED = "pin_asked"  # when, link: somebody asked for a new PIN
    PIN_CHANGED = "pin_changed"  # a new PIN that was asked for has served
    APPLIED = "applied"  # to an agent of a partner: somebody applied
    APPLIED_DIGEST = "applied_digest"  # count: the same for all that came since the day before
    INACTIVE = "inactive"  # day: on which an inactive account will be erased


# What is sent whether or not a person agreed to messages: their account depends on it.
NOTICES = frozenset({MessageKind.PIN_ASKED, MessageKind.PIN_CHANGED})


class MessageState(StrEnum):
    """What became of a message. All but the first are final."""

    WAITING = "waiting"
    SENT = "sent"
    GIVEN_UP = "given_up"  # not sent within its lifetime, or its person may no longer be written to
    REJECTED = "rejected"  # the gateway will never take it, as for an address that does not exist
    UNCERTAIN = "uncertain"  # the gateway may have taken it, and asking again could send it twice


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One message as a gateway takes it. `id` is the same at each try."""

    id: UUID
    address: str
    subject: str
    text: str


class RejectedError(Exception):
    """Raised by a `Sender` for a message that its gateway will never take. Its text is not logged."""


class Sender(Protocol):
    """A gateway to people: SMS, WhatsApp or e-mail."""

    @property
    def is_idempotent(self) -> bool:
        """Whether the gateway recognises a message's id, so that the same message again does nothing."""

    def send(self, message: OutgoingMessage) -> None:
        """Hand a message to the gateway; waits at most some seconds for its answer.

        Raises RejectedError if the gateway will never take it, and UnavailableError if it certainly did not
        take it this time. After any other error nobody knows, as when no answer came to a complete request.
        """


# Renders a kind and its values in a language, as subject and text.
RenderMessage = Callable[[MessageKind, Mapping[str, str | int], str], tuple[str, str]]
