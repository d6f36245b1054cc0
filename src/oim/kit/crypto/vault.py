"""The vault: seals, indexes, hashes and signs with the keys of the ring.

It loads the ring again when its source changes, so a key added there is known to every process in a second.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from time import monotonic

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from oim.kit.crypto.key_ring import ID_BYTES, KeyRing
from oim.kit.crypto.key_source import KeySource
from oim.kit.crypto.sealed_stream import cut_start, decrypt_chunks, encrypt_chunks
from oim.kit.errors import UnavailableError
from oim.kit.i18n import mark

RELOAD_INTERVAL = 1.0  # seconds between two checks of the source
# A sealed value: version (1 byte), id of the key (4), nonce (12), ciphertext with its tag (16).
_VERSION = b"\x01"
# A sealed stream: another version, id of the key, then what `encrypt_chunks` yields.
_STREAM_VERSION = b"\x02"
_NONCE_SIZE = 12  # bytes, drawn at random: safe for 2**32 seals per key (NIST SP 800-38D)
_HEADER_SIZE = len(_VERSION) + ID_BYTES


class Vault:
    """Cryptographic operations with the key ring of one source. Safe to share between threads."""

    def __init__(self, source: KeySource) -> None:
        self._source = source
        self._lock = threading.Lock()
        # The version first: a ring that changes between the two calls is then loaded once more.
        self._version = source.version()
        self._ring = source.load()
        self._checked_at = monotonic()

    @property
    def ring(self) -> KeyRing:
        """The ring as the source has it now, or had it a second ago."""
        if monotonic() - self._checked_at > RELOAD_INTERVAL:
            self._reload_if_changed()
        return self._ring

    def _reload_if_changed(self) -> None:
        """Load the ring again if it was replaced; if it went away, go on with the keys in memory."""
        with self._lock:
            self._checked_at = monotonic()
            version = self._source.version()
            if version is not None and version != self._version:
                self._ring, self._version = self._source.load(), version

    def seal(self, plain: bytes, context: str) -> bytes:
        """Encrypt with AES-256-GCM under the current key.

        The value opens only with the same context, such as `people.name:<id>`, which is authenticated but not
        stored: a value copied to another row or column does not open there.
        """
        ring, nonce = self.ring, secrets.token_bytes(_NONCE_SIZE)
        body = AESGCM(ring.keys[ring.current]).encrypt(nonce, plain, context.encode())
        return _VERSION + bytes.fromhex(ring.current) + nonce + body

    def open(self, sealed: bytes, context: str) -> bytes:
        """Decrypt what `seal` returned. Raises UnavailableError for another context, or without its key."""
        nonce, body = sealed[_HEADER_SIZE : _HEADER_SIZE + _NONCE_SIZE], sealed[_HEADER_SIZE + _NONCE_SIZE :]
        try:
            return AESGCM(self._find_key(sealing_key_id(sealed))).decrypt(nonce, body, context.encode())
        except (InvalidTag, ValueError) as error:
            raise UnavailableError(mark("What is kept here cannot be opened with these keys.")) from error

    def seal_stream(self, chunks: Iterable[bytes], context: str) -> Iterator[bytes]:
        """Encrypt a long value chunk by chunk, in bounded memory; context as for `seal`."""
        ring = self.ring
        header = _STREAM_VERSION + bytes.fromhex(ring.current)
        yield header
        yield from encrypt_chunks(ring.keys[ring.current], header + context.encode(), chunks)

    def open_stream(self, chunks: Iterable[bytes], context: str) -> Iterator[bytes]:
        """Decrypt chunk by chunk what `seal_stream` yielded; what `seal` returned is opened as a whole.

        A changed, moved or missing chunk raises UnavailableError before it, but after those that precede it:
        whoever gets an error must discard what came.
        """
        header, rest = cut_start(chunks, _HEADER_SIZE)
        if not header.startswith(_STREAM_VERSION):
            yield self.open(header + b"".join(rest), context)
            return
        try:
            key = self._find_key(sealing_key_id(header))
            yield from decrypt_chunks(key, header + context.encode(), rest)
        except (InvalidTag, ValueError) as error:
            raise UnavailableError(mark("What is kept here cannot be opened with these keys.")) from error

    def _find_key(self, id_: str) -> bytes:
        """Return the sealing key of this id. Raises UnavailableError if the ring does not have it."""
        if id_ not in self._ring.keys:  # another process may have added it this second
            self._reload_if_changed()
        try:
            return self._ring.keys[id_]
        except KeyError:
            raise UnavailableError(mark("What is kept here cannot be opened with these keys.")) from None

    def blind_index(self, purpose: str, value: str) -> bytes:
        """Return 32 bytes that are equal for equal values of one purpose, to search for a sealed value by.

        Nobody without the key can compute them, so the few possible values cannot be tried against them.
        """
        return _mac(self.ring.index, purpose, value)

    def pepper(self, *parts: str) -> bytes:
        """Return 32 bytes to hash slowly in place of a short secret, so that hashes alone reveal nothing."""
        return _mac(self.ring.pepper, *parts)

    def chain_mac(self, *parts: str) -> bytes:
        """Return the 32-byte mark of an entry of the audit trail, which also covers the mark before it."""
        return _mac(self.ring.audit, *parts)

    def sign(self, *parts: str) -> str:
        """Return a signature for a link: 22 characters that need no escaping in a URL."""
        # 16 bytes of the MAC: 128 bits are ample for a signature that only we verify, and links stay short.
        return urlsafe_b64encode(_mac(self.ring.signing, *parts)[:16]).rstrip(b"=").decode()

    def is_valid_signature(self, signature: str, *parts: str) -> bool:
        """Return whether a signature is ours for these parts."""
        # In constant time: the time of a plain comparison would reveal how many first characters are right.
        return hmac.compare_digest(signature.encode(), self.sign(*parts).encode())


def sealing_key_id(sealed: bytes) -> str:
    """Return the id of the key that sealed a value, from its header."""
    return sealed[len(_VERSION) : _HEADER_SIZE].hex()


def _mac(key: bytes, *parts: str) -> bytes:
    """Compute HMAC-SHA-256 over a list of texts."""
    # Each part with its length in front: joined alone, ("ab", "c") and ("a", "bc") would be one message.
    # surrogatepass: a text from outside may hold lone surrogates, which must not raise.
    message = b"".join(
        len(part := text.encode("utf-8", "surrogatepass")).to_bytes(4, "big") + part for text in parts
    )
    return hmac.digest(key, message, sha256)
