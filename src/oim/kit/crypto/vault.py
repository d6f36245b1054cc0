"""What a process does with the ring. It follows the file, so a key added there is known within a second."""

from __future__ import annotations

import hmac
import secrets
import threading
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path
from time import monotonic

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from oim.kit.crypto.key_ring import ID_BYTES, KeyRing, read_ring
from oim.kit.errors import UnavailableError
from oim.kit.i18n import mark

RELOAD_INTERVAL = 1.0  # seconds between two looks at the file
_VERSION = b"\x01"
_NONCE_SIZE = 12  # bytes, drawn at random: safe for 2**32 seals a key (NIST SP 800-38D)
_HEADER_SIZE = len(_VERSION) + ID_BYTES


class Vault:
    """Seals, opens, blinds and signs by the ring of one file. Safe among threads."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._ring = read_ring(file)
        self._modified_ns = file.stat().st_mtime_ns
        self._checked_at = monotonic()

    @property
    def ring(self) -> KeyRing:
        """The ring as it stands now, or a second ago."""
        if monotonic() - self._checked_at > RELOAD_INTERVAL:
            self._reload_if_changed()
        return self._ring

    def _reload_if_changed(self) -> None:
        """Read the file again if it was replaced. One that went away changes nothing for who runs."""
        with self._lock:
            self._checked_at = monotonic()
            try:
                stamp = self._file.stat().st_mtime_ns
            except OSError:
                return
            if stamp != self._modified_ns:
                self._ring, self._modified_ns = read_ring(self._file), stamp

    def seal(self, plain: bytes, context: str) -> bytes:
        """AES-256-GCM under the current key. It opens only at the same place: `people.name:<id>`."""
        ring, nonce = self.ring, secrets.token_bytes(_NONCE_SIZE)
        body = AESGCM(ring.keys[ring.current]).encrypt(nonce, plain, context.encode())
        return _VERSION + bytes.fromhex(ring.current) + nonce + body

    def open(self, sealed: bytes, context: str) -> bytes:
        """What was sealed at a place. Raises UnavailableError for another place, or other keys."""
        nonce, body = sealed[_HEADER_SIZE : _HEADER_SIZE + _NONCE_SIZE], sealed[_HEADER_SIZE + _NONCE_SIZE :]
        try:
            return AESGCM(self._find_key(sealing_key_id(sealed))).decrypt(nonce, body, context.encode())
        except (InvalidTag, ValueError) as error:
            raise UnavailableError(mark("What is kept here cannot be opened with these keys.")) from error

    def _find_key(self, id_: str) -> bytes:
        if id_ not in self._ring.keys:  # another process may have added it this second
            self._reload_if_changed()
        try:
            return self._ring.keys[id_]
        except KeyError:
            raise UnavailableError(mark("What is kept here cannot be opened with these keys.")) from None

    def blind_index(self, purpose: str, value: str) -> bytes:
        """32 bytes by which equal values are found, and from which nobody without the key finds the value."""
        return _mac(self.ring.index, purpose, value)

    def pepper(self, *parts: str) -> bytes:
        """32 bytes to hash slowly in place of a short secret, so that the hashes alone betray nothing."""
        return _mac(self.ring.pepper, *parts)

    def chain_mac(self, *parts: str) -> bytes:
        """The mark of an entry of the audit trail."""
        return _mac(self.ring.audit, *parts)

    def sign(self, *parts: str) -> str:
        """A signature for a link, of 22 letters."""
        return urlsafe_b64encode(_mac(self.ring.signing, *parts)[:16]).rstrip(b"=").decode()

    def is_valid_signature(self, signature: str, *parts: str) -> bool:
        """Whether a signature is ours for these parts."""
        return hmac.compare_digest(signature.encode(), self.sign(*parts).encode())


def sealing_key_id(sealed: bytes) -> str:
    """The id of the key that sealed."""
    return sealed[len(_VERSION) : _HEADER_SIZE].hex()


def _mac(key: bytes, *parts: str) -> bytes:
    """Parts are told apart by their lengths, so that no two lists of parts are the same message."""
    message = b"".join(
        len(part := text.encode("utf-8", "surrogatepass")).to_bytes(4, "big") + part for text in parts
    )
    return hmac.digest(key, message, sha256)
