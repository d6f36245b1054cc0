"""The key ring: all secret keys in one JSON file, which lies outside the database and its backups.

Sealing keys have an id and can be replaced. The others are fixed for the life of the data they protect: a
blind index or a password hash cannot be computed again without the original value.
"""

from __future__ import annotations

import fcntl
import json
import secrets
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from oim.kit.errors import BadInputError, ConflictError
from oim.kit.files import create_private, write_private
from oim.kit.i18n import mark

ID_BYTES = 4  # written in front of every sealed value: see `Vault.seal`
KEY_BYTES = 32  # as AES-256 takes; HMAC-SHA-256 takes as many
# In the order of KeyRing's fields, which `create_ring` and `read_ring` pass by position.
FIXED_KEY_NAMES = ("index", "signing", "audit", "pepper")


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys of an installation, of 32 bytes each."""

    current: str  # the id of the key that seals
    keys: Mapping[str, bytes]  # by id: the current key, and older ones that still open what they sealed
    index: bytes  # for blind indexes
    signing: bytes  # for links and short-lived codes
    audit: bytes  # for the chain of the audit trail
    pepper: bytes  # for PINs and passwords


def create_ring(file: Path) -> bool:
    """Create a ring with new random keys if the file does not exist; return whether it was created."""
    id_, key = _new_key()
    ring = KeyRing(id_, {id_: key}, *(secrets.token_bytes(KEY_BYTES) for _ in FIXED_KEY_NAMES))
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return create_private(file, _dump(ring).encode())


def read_ring(file: Path) -> KeyRing:
    """Read the ring of a file. Raises BadInputError if it is missing, unreadable or not a key ring."""
    try:
        values = json.loads(file.read_text("utf-8"))
        keys = {id_: _decode_key(text) for id_, text in values["keys"].items()}
        ring = KeyRing(values["current"], keys, *(_decode_key(values[name]) for name in FIXED_KEY_NAMES))
    except FileNotFoundError as error:
        raise BadInputError(
            mark("There is no key ring at %(file)s. Set OIM_KEYS_URL, or put the file back."), file=file
        ) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInputError(mark("%(file)s is not a key ring, or cannot be read."), file=file) from error
    if ring.current not in ring.keys:
        raise BadInputError(mark("%(file)s is not a key ring, or cannot be read."), file=file)
    return ring


def change_ring(file: Path, change: Callable[[KeyRing], KeyRing]) -> KeyRing:
    """Replace the ring of a file by what `change` returns for it; return the new ring."""
    read_ring(file)  # without a ring there may be no folder for the lock either
    # Two rotations at once would both add a key to the same ring, and the second write lose the first key.
    # The lock is on a file of its own: a lock on the ring's file would stay with the file that is replaced.
    with file.with_name(f"{file.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ring = change(read_ring(file))
        write_private(file, _dump(ring).encode())
    return ring


def with_new_key(ring: KeyRing) -> KeyRing:
    """Return the ring with one more key, which becomes the current one."""
    id_, key = _new_key()
    return replace(ring, current=id_, keys={**ring.keys, id_: key})


def without_key(ring: KeyRing, id_: str) -> KeyRing:
    """Return the ring without one key. Raises BadInputError if unknown, ConflictError if it is current."""
    if id_ not in ring.keys:
        raise BadInputError(
            mark("The ring has no key %(id)s, but: %(known)s."), id=id_, known=", ".join(ring.keys)
        )
    if id_ == ring.current:
        raise ConflictError(mark("Key %(id)s is the one that seals: rotate first."), id=id_)
    return replace(ring, keys={name: key for name, key in ring.keys.items() if name != id_})


def _new_key() -> tuple[str, bytes]:
    """Return the id and the bytes of a new random key."""
    return secrets.token_hex(ID_BYTES), secrets.token_bytes(KEY_BYTES)


def _decode_key(text: str) -> bytes:
    """Decode a key from Base64. Raises ValueError if it is not 32 bytes."""
    key = b64decode(text, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError("a key has 32 bytes")
    return key


def _dump(ring: KeyRing) -> str:
    """Return a ring as JSON, with its keys in Base64."""
    keys = {id_: b64encode(key).decode() for id_, key in ring.keys.items()}
    fixed = {name: b64encode(getattr(ring, name)).decode() for name in FIXED_KEY_NAMES}
    return json.dumps({"current": ring.current, "keys": keys, **fixed}, indent=1)
