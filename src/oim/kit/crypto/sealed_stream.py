"""Authenticated encryption of a stream in chunks, after the STREAM construction of Hoang, Reyhanitabar,
Rogaway and Vizár (2015): chunks that were reordered, repeated, dropped or cut off at the end do not open.
"""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

CHUNK_SIZE = 65_536  # bytes of plain text in every chunk but the last
SALT_SIZE = 16  # bytes
_TAG_SIZE = 16  # bytes
_KEY_PURPOSE = b"oim sealed stream"


def encrypt_chunks(key: bytes, context: bytes, plain: Iterable[bytes]) -> Iterator[bytes]:
    """Encrypt byte strings of any lengths; yield the salt, then the chunks."""
    salt = secrets.token_bytes(SALT_SIZE)
    cipher = _derive_cipher(key, salt)
    yield salt
    for number, (chunk, is_last) in enumerate(_split(plain, CHUNK_SIZE)):
        yield cipher.encrypt(_nonce(number, is_last=is_last), chunk, context)


def decrypt_chunks(key: bytes, context: bytes, sealed: Iterable[bytes]) -> Iterator[bytes]:
    """Decrypt what `encrypt_chunks` yielded, cut into byte strings of any lengths.

    Raises InvalidTag at the first chunk that is not as it was; chunks before it were yielded already.
    """
    salt, rest = cut_start(sealed, SALT_SIZE)
    if len(salt) < SALT_SIZE:
        raise InvalidTag
    cipher = _derive_cipher(key, salt)
    for number, (chunk, is_last) in enumerate(_split(rest, CHUNK_SIZE + _TAG_SIZE)):
        yield cipher.decrypt(_nonce(number, is_last=is_last), chunk, context)


def cut_start(parts: Iterable[bytes], size: int) -> tuple[bytes, Iterator[bytes]]:
    """Cut off the first `size` bytes, fewer where there are not so many; return them and the rest."""
    source = iter(parts)
    start = b""
    while len(start) < size and (part := next(source, None)) is not None:
        start += part
    return start[:size], itertools.chain([start[size:]], source)


def _derive_cipher(key: bytes, salt: bytes) -> AESGCM:
    """Derive the cipher of one stream: with a key of its own its nonces can be counted, and never collide."""
    return AESGCM(HKDF(SHA256(), length=32, salt=salt, info=_KEY_PURPOSE).derive(key))


def _nonce(number: int, *, is_last: bool) -> bytes:
    """Return the nonce of a chunk: its number in 11 bytes, and whether it is the last."""
    return number.to_bytes(11, "big") + bytes([is_last])


def _split(parts: Iterable[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """Yield chunks of a size, the last one shorter or as long, each with whether it is the last."""
    buffer = bytearray()
    for part in parts:
        buffer += part
        # Only once more has come: a chunk at the very end is the last one, even if it is full.
        while len(buffer) > size:
            yield bytes(buffer[:size]), False
            del buffer[:size]
    yield bytes(buffer), True
