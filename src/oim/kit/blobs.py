"""Files stored outside the database: the interface of a store, and the sealing of personal files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Protocol

from oim.kit.blob_links import BlobLink
from oim.kit.crypto import Vault, sealing_key_id
from oim.kit.errors import NotFoundError


class Blobs(Protocol):
    """A store of byte strings by key. Keys are paths of letters, digits, `-`, `.` and `/`."""

    def put(self, key: str, content: bytes | Iterable[bytes]) -> None:
        """Store a blob in place of any former one, whole or not at all, without holding it in memory.

        If iterating over `content` raises, nothing is stored. Raises UnavailableError.
        """

    def open(self, key: str) -> AbstractContextManager[Iterator[bytes]]:
        """Open a blob for reading it in chunks, as it is now. Raises NotFoundError, UnavailableError."""

    def delete(self, key: str) -> None:
        """Delete a blob; an unknown key is not an error. Raises UnavailableError."""

    def keys(self, prefix: str) -> Iterator[str]:
        """Iterate over the keys that begin with a prefix, in order. Raises UnavailableError."""

    def sign_link(self, vault: Vault, link: BlobLink) -> str:
        """Return a URL, or a path of our site, by which anybody may read a blob as it lies until it expires.

        A store with accounts of its own signs by them instead of the vault. Only for what is not personal: a
        sealed blob is of no use to whoever follows such a link, and nothing records who did.
        """


def read_blob(blobs: Blobs, key: str) -> bytes:
    """Load a small blob as a whole. Raises NotFoundError, UnavailableError."""
    with blobs.open(key) as chunks:
        return b"".join(chunks)


def put_sealed(blobs: Blobs, vault: Vault, key: str, content: bytes | Iterable[bytes]) -> None:
    """Seal personal content and store it. Raises UnavailableError."""
    chunks = [content] if isinstance(content, bytes) else content
    blobs.put(key, vault.seal_stream(chunks, _context(key)))


@contextmanager
def open_sealed(blobs: Blobs, vault: Vault, key: str) -> Iterator[Iterator[bytes]]:
    """Open content stored by `put_sealed`, for reading it in chunks. Raises NotFoundError, UnavailableError.

    UnavailableError may come after some chunks, if what is stored was damaged or cut off: discard them then.
    """
    with blobs.open(key) as sealed:
        yield vault.open_stream(sealed, _context(key))


def get_sealed(blobs: Blobs, vault: Vault, key: str) -> bytes:
    """Load content stored by `put_sealed` as a whole. Raises NotFoundError, UnavailableError."""
    with open_sealed(blobs, vault, key) as chunks:
        return b"".join(chunks)


def reseal_blobs(blobs: Blobs, vault: Vault, prefix: str) -> Iterator[str]:
    """Reseal with the current key the blobs below a prefix that older keys sealed; yield each blob's key."""
    # Resumable: a blob that an interrupted run resealed already names the current key.
    for key, key_id in _find_sealing_keys(blobs, prefix):
        if key_id != vault.ring.current:
            with suppress(NotFoundError):  # deleted meanwhile
                # The blob is replaced once all of it was read and opened, so it may be both read and written.
                with open_sealed(blobs, vault, key) as chunks:
                    put_sealed(blobs, vault, key, chunks)
                yield key


def sealing_key_ids(blobs: Blobs, prefix: str) -> Iterator[str]:
    """Iterate over the ids of the keys that seal the blobs below a prefix, one id per blob."""
    return (key_id for _, key_id in _find_sealing_keys(blobs, prefix))


def _find_sealing_keys(blobs: Blobs, prefix: str) -> Iterator[tuple[str, str]]:
    """Yield each key below a prefix with the id of the key that seals its blob; only its start is read."""
    for key in blobs.keys(prefix):
        with suppress(NotFoundError):  # deleted meanwhile
            with blobs.open(key) as sealed:
                key_id = sealing_key_id(next(sealed, b""))
            yield key, key_id


def _context(key: str) -> str:
    """Return the sealing context: a blob copied to another key does not open there."""
    return f"blob:{key}"
