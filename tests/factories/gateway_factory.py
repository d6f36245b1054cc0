"""A stand-in for a gateway of messages, which can be made to fail and to recognise ids or not."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from uuid import UUID

from oim.features.messages import OutgoingMessage
from oim.kit.errors import UnavailableError


class FakeGateway:
    """Delivers messages into `received`, by their ids; one that is idempotent delivers an id once."""

    def __init__(self, *, is_idempotent: bool = True) -> None:
        self.is_idempotent = is_idempotent
        self.received: dict[UUID, str] = {}
        self.copies: Counter[UUID] = Counter()  # of each message, as its reader has them
        self.calls = 0
        self.failing = 0  # calls that are not taken
        self.faults: dict[str, Exception] = {}  # by address: raised before anything is taken
        self.before_answer: Callable[[OutgoingMessage], None] = lambda _: None  # the message is taken already
        self.lock = threading.Lock()

    def send(self, message: OutgoingMessage) -> None:
        with self.lock:
            self.calls += 1
            if self.failing:
                self.failing -= 1
                raise UnavailableError("The gateway does not answer.")
            if message.address in self.faults:
                raise self.faults[message.address]
            if not (self.is_idempotent and message.id in self.received):
                self.received[message.id] = f"{message.address}: {message.text}"
                self.copies[message.id] += 1
        self.before_answer(message)
