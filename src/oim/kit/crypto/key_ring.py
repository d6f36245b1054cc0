"""The key ring: one JSON file outside every database and backup of it.

Keys that seal have an id and can be replaced; the others are fixed for the life of the data they protect.
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

ID_BYTES = 4
KEY_BYTES = 32
FIXED_KEY_NAMES = ("index", "signing", "audit", "pepper")


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys of 32 bytes. `current` is the id of the one that seals; all of `keys` open."""

    current: str
    keys: Mapping[str, bytes]
    index: bytes  # of blind indexes
    signing: bytes  # of links and short-lived codes
    audit: bytes  # of the trail's chain
    pepper: bytes  # of PINs and passwords


def create_ring(file: Path) -> bool:
    """Make a ring where there is none; whether it was made."""
    id_, key = _new_key()
    ring = KeyRing(id_, {id_: key}, *(secrets.token_bytes(KEY_BYTES) for _ in FIXED_KEY_NAMES))
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return create_private(file, _dump(ring).encode())


def read_ring(file: Path) -> KeyRing:
    """The ring of a file. Raises BadInputError."""
    try:
        held = json.loads(file.read_text("utf-8"))
        keys = {id_: _decode_key(text) for id_, text in held["keys"].items()}
        ring = KeyRing(held["current"], keys, *(_decode_key(held[name]) for name in FIXED_KEY_NAMES))
    except FileNotFoundError as error:
        raise BadInputError(
            mark("There is no key ring at %(file)s. Set OIM_KEYS, or put the file back."), file=file
        ) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInputError(mark("%(file)s is not a key ring, or cannot be read."), file=file) from error
    if ring.current not in ring.keys:
        raise BadInputError(mark("%(file)s is not a key ring, or cannot be read."), file=file)
    return ring


def change_ring(file: Path, change: Callable[[KeyRing], KeyRing]) -> KeyRing:
    """Replace the ring of a file by what is made of it; of several who do, one after the other."""
    with file.with_name(f"{file.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ring = change(read_ring(file))
        write_private(file, _dump(ring).encode())
    return ring


def with_new_key(ring: KeyRing) -> KeyRing:
    """The ring with one key more, which seals from now on."""
    id_, key = _new_key()
    return replace(ring, current=id_, keys={**ring.keys, id_: key})


def without_key(ring: KeyRing, id_: str) -> KeyRing:
    """The ring without a key that no longer seals. Raises BadInputError, ConflictError."""
    if id_ not in ring.keys:
        raise BadInputError(mark("The ring has no key %(id)s."), id=id_)
    if id_ == ring.current:
        raise ConflictError(mark("Key %(id)s is the one that seals: rotate first."), id=id_)
    return replace(ring, keys={name: key for name, key in ring.keys.items() if name != id_})


def _new_key() -> tuple[str, bytes]:
    return secrets.token_hex(ID_BYTES), secrets.token_bytes(KEY_BYTES)


def _decode_key(text: str) -> bytes:
    key = b64decode(text, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError("a key has 32 bytes")
    return key


def _dump(ring: KeyRing) -> str:
    keys = {id_: b64encode(key).decode() for id_, key in ring.keys.items()}
    fixed = {name: b64encode(getattr(ring, name)).decode() for name in FIXED_KEY_NAMES}
    return json.dumps({"current": ring.current, "keys": keys, **fixed}, indent=1)
