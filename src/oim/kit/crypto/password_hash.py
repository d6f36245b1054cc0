"""Slow hashes of PINs and passwords: Argon2id over a keyed hash, so that a stolen table alone is of no use.

Parameters are OWASP's: 19 MiB, two passes, one lane.
"""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from oim.kit.crypto.vault import Vault

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _dummy_hash() -> str:
    return _HASHER.hash(b"nobody's")


def hash_password(vault: Vault, owner: object, secret: str) -> str:
    """The hash of an owner's secret; another's same secret has another."""
    return _HASHER.hash(vault.pepper(str(owner), secret))


def verify_password(vault: Vault, owner: object, secret: str, hashed: str | None) -> bool:
    """Whether a secret is the hashed one. Without a hash it takes as long, and is not."""
    try:
        return (
            _HASHER.verify(hashed or _dummy_hash(), vault.pepper(str(owner), secret)) and hashed is not None
        )
    except (VerifyMismatchError, InvalidHashError):
        return False
