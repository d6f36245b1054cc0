"""Files stored outside the database: the interface of a store, and the sealing of personal files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Protocol

from oim.kit.crypto import Vault, sealing_key_id
from oim.kit.errors import NotFoundError


class Blobs(Protocol):
    """A store of byte strings by key. Keys are paths of letters, digits, `-`, `.` and `/`."""

    def put(self, key: str, content: bytes) -> None:
        """Store a blob in place of any former one, whole or not at all. Raises UnavailableError."""

    def get(self, key: str) -> bytes:
        """Load a blob. Raises NotFoundError, UnavailableError."""

    def delete(self, key: str) -> None:
        """Delete a blob; an unknown key is not an error. Raises UnavailableError."""

    def keys(self, prefix: str) -> Iterator[str]:
        """Iterate over the keys that begin with a prefix, in order. Raises UnavailableError."""


def put_sealed(blobs: Blobs, vault: Vault, key: str, content: bytes) -> None:
    """Seal personal content and store it. Raises UnavailableError."""
    blobs.put(key, vault.seal(content, _context(key)))


def get_sealed(blobs: Blobs, vault: Vault, key: str) -> bytes:
    """Load content stored by `put_sealed`. Raises NotFoundError, UnavailableError."""
    return vault.open(blobs.get(key), _context(key))


def reseal_blobs(blobs: Blobs, vault: Vault, prefix: str) -> Iterator[str]:
    """Reseal with the current key the blobs below a prefix that older keys sealed; yield each blob's key."""
    # Resumable: a blob that an interrupted run resealed already names the current key.
    for key, sealed in _read_each(blobs, prefix):
        if sealing_key_id(sealed) != vault.ring.current:
            blobs.put(key, vault.seal(vault.open(sealed, _context(key)), _context(key)))
            yield key


def sealing_key_ids(blobs: Blobs, prefix: str) -> Iterator[str]:
    """Iterate over the ids of the keys that seal the blobs below a prefix, one id per blob."""
    return (sealing_key_id(sealed) for _, sealed in _read_each(blobs, prefix))


def _read_each(blobs: Blobs, prefix: str) -> Iterator[tuple[str, bytes]]:
    """Yield each key below a prefix with its blob."""
    for key in blobs.keys(prefix):
        with suppress(NotFoundError):  # deleted meanwhile
            yield key, blobs.get(key)


def _context(key: str) -> str:
    """Return the sealing context: a blob copied to another key does not open there."""
    return f"blob:{key}"
