"""Where the key ring comes from: the port under the vault, and the file that is its first adapter."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from oim.kit.crypto.key_ring import KeyRing, change_ring, create_ring, read_ring


class KeySource(Hashable, Protocol):
    """A place that keeps one key ring. Equal sources keep the same one, and hash alike.

    A key service fits too, as an envelope: the ring lies anywhere, wrapped by a key that never leaves the
    service. `load` unwraps it with one call, `version` asks the store for the version of what lies there,
    and `change` wraps the new ring and stores it on the condition that the version is still the same. The
    service is asked when the ring changes, not for each value: the ring's own keys seal those.
    """

    def load(self) -> KeyRing:
        """Load the ring. Raises BadInputError if it is missing or no ring, UnavailableError."""

    def version(self) -> Hashable | None:
        """Return a value that differs once the ring was changed; None while that cannot be told.

        Cheap, since every process asks once a second.
        """

    def change(self, change: Callable[[KeyRing], KeyRing]) -> KeyRing:
        """Replace the ring by what `change` returns for it; return the new ring. Changes at once both count.

        Raises what `load` and `change` raise.
        """

    def create(self) -> bool:
        """Create a ring with new random keys if there is none; return whether it was created."""

    def __str__(self) -> str:
        """Return where the ring lies, for people."""


@dataclass(frozen=True, slots=True)
class RingFile:
    """The `KeySource` interface over a JSON file that only this user may read."""

    file: Path

    def load(self) -> KeyRing:
        """Read the file. Raises BadInputError."""
        return read_ring(self.file)

    def version(self) -> Hashable | None:
        """The time of the file's last change, and its number on the disk: each change writes a new file."""
        with suppress(OSError):
            status = self.file.stat()
            return status.st_mtime_ns, status.st_ino
        return None

    def change(self, change: Callable[[KeyRing], KeyRing]) -> KeyRing:
        """Replace the file under a lock. Raises BadInputError."""
        return change_ring(self.file, change)

    def create(self) -> bool:
        """Create the file and its folder; of several processes one creates it."""
        return create_ring(self.file)

    def __str__(self) -> str:
        return str(self.file)
