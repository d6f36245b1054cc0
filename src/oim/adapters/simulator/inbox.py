"""One inbox for all simulated telephones and mailboxes."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from oim.features.messages import OutgoingMessage, RejectedError
from oim.features.people import Channel
from oim.kit.clock import now
from oim.kit.crypto import Vault
from oim.kit.errors import OimError, UnavailableError
from oim.kit.files import create_private
from oim.kit.i18n import mark

RETENTION = timedelta(hours=1)  # messages have codes to sign in and personal texts


@dataclass(frozen=True, slots=True)
class ReceivedMessage:
    """A message that was sent to a simulated address."""

    at: str  # when it arrived, ISO 8601
    channel: str
    address: str
    subject: str
    text: str


class Inbox:
    """The `Sender` interface for one channel, over a folder with a sealed file for each message."""

    is_idempotent = True  # files are named by the ids of messages

    def __init__(self, folder: Path, vault: Vault, channel: str = "") -> None:
        self._folder = folder
        self._vault = vault
        self._channel = channel

    def send(self, message: OutgoingMessage) -> None:
        """Store a message. The same id again stores nothing. Raises RejectedError, UnavailableError."""
        if ("@" in message.address) != (self._channel == Channel.EMAIL):
            raise RejectedError("not an address of this channel")
        self._delete_expired()
        received = ReceivedMessage(
            now().isoformat(), self._channel, message.address, message.subject, message.text
        )
        # Named by the message's id: `create_private` leaves a file that exists, so a repeated message is not
        # received twice.
        name = f"{message.id}.message"
        sealed = self._vault.seal(json.dumps(asdict(received)).encode(), name)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            create_private(self._folder / name, sealed)
        except OSError as error:
            raise UnavailableError(mark("The simulated telephones cannot be written to.")) from error

    def list_messages(self) -> list[ReceivedMessage]:
        """List the messages of the last hour, oldest first."""
        self._delete_expired()
        messages = []
        for file in self._folder.glob("*.message"):
            with suppress(OSError, ValueError, OimError):  # expired meanwhile, or sealed with other keys
                plain = self._vault.open(file.read_bytes(), file.name)
                messages.append(ReceivedMessage(**json.loads(plain)))
        return sorted(messages, key=lambda message: message.at)

    def _delete_expired(self) -> None:
        """Delete messages older than their retention."""
        before = (now() - RETENTION).timestamp()
        for file in self._folder.glob("*.message"):
            with suppress(OSError):  # another process may delete it first
                if file.stat().st_mtime < before:
                    file.unlink()
