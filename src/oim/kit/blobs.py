"""Files kept outside the database: the port, and sealing of what is personal before it goes there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Protocol

from oim.kit.crypto import Vault, sealing_key_id
from oim.kit.errors import NotFoundError


class Blobs(Protocol):
    """A store of bytes by key. Keys are paths of letters, digits, `-`, `.` and `/`."""

    def put(self, key: str, content: bytes) -> None:
        """Keep, in place of what was there; whole or not at all. Raises UnavailableError."""

    def get(self, key: str) -> bytes:
        """What is kept. Raises NotFoundError, UnavailableError."""

    def delete(self, key: str) -> None:
        """Forget; an unknown key is no error. Raises UnavailableError."""

    def keys(self, prefix: str) -> Iterator[str]:
        """Every key that begins so, in order. Raises UnavailableError."""


def put_sealed(blobs: Blobs, vault: Vault, key: str, content: bytes) -> None:
    """Keep something personal."""
    blobs.put(key, vault.seal(content, _context(key)))


def get_sealed(blobs: Blobs, vault: Vault, key: str) -> bytes:
    """Something personal. Raises NotFoundError, UnavailableError."""
    return vault.open(blobs.get(key), _context(key))


def reseal_blobs(blobs: Blobs, vault: Vault, prefix: str) -> Iterator[str]:
    """Seal again, by the current key, those below a prefix that older keys sealed; each key as it is done."""
    for key, sealed in _read_each(blobs, prefix):
        if sealing_key_id(sealed) != vault.ring.current:
            blobs.put(key, vault.seal(vault.open(sealed, _context(key)), _context(key)))
            yield key


def sealing_key_ids(blobs: Blobs, prefix: str) -> Iterator[str]:
    """The ids of the keys that seal what lies below a prefix, each as often as it does."""
    return (sealing_key_id(sealed) for _, sealed in _read_each(blobs, prefix))


def _read_each(blobs: Blobs, prefix: str) -> Iterator[tuple[str, bytes]]:
    for key in blobs.keys(prefix):
        with suppress(NotFoundError):  # deleted meanwhile
            yield key, blobs.get(key)


def _context(key: str) -> str:
    return f"blob:{key}"
