"""The inbox of every simulated telephone and mailbox."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from oim.features.messages import OutgoingMessage
from oim.kit.clock import now
from oim.kit.crypto import Vault
from oim.kit.errors import OimError, UnavailableError
from oim.kit.files import create_private
from oim.kit.i18n import mark

RETENTION = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ReceivedMessage:
    """A message as it came."""

    at: str  # ISO 8601
    channel: str
    address: str
    subject: str
    text: str


class Inbox:
    """The `Sender` port. A file is named by the message's id, so that the same message comes once."""

    def __init__(self, folder: Path, vault: Vault, channel: str = "") -> None:
        self._folder = folder
        self._vault = vault
        self._channel = channel

    def send(self, message: OutgoingMessage) -> None:
        self._delete_expired()
        came = ReceivedMessage(
            now().isoformat(), self._channel, message.address, message.subject, message.text
        )
        name = f"{message.id}.message"
        sealed = self._vault.seal(json.dumps(asdict(came)).encode(), name)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            create_private(self._folder / name, sealed)
        except OSError as error:
            raise UnavailableError(mark("The simulated telephones cannot be written to.")) from error

    def list_messages(self) -> list[ReceivedMessage]:
        """What came within the hour, oldest first."""
        self._delete_expired()
        found = []
        for file in self._folder.glob("*.message"):
            with suppress(OSError, ValueError, OimError):  # gone meanwhile, or sealed by another ring
                plain = self._vault.open(file.read_bytes(), file.name)
                found.append(ReceivedMessage(**json.loads(plain)))
        return sorted(found, key=lambda one: one.at)

    def _delete_expired(self) -> None:
        before = (now() - RETENTION).timestamp()
        for file in self._folder.glob("*.message"):
            with suppress(OSError):
                if file.stat().st_mtime < before:
                    file.unlink()
