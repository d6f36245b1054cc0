"""Slow hashes of PINs and passwords: Argon2id over a keyed hash, so that a stolen table alone is of no use.

Without the key (the pepper), all PINs of four digits could soon be tried on a stolen table. OWASP recommends
these parameters: 19 MiB of memory, two passes, one lane.
"""

from __future__ import annotations

from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from oim.kit.crypto.vault import Vault

# Hashes computed at once: each takes 19 MiB, and more than there are cores would not be done sooner.
MAX_AT_ONCE = 8
_SLOTS = BoundedSemaphore(MAX_AT_ONCE)
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


@cache
def _dummy_hash() -> str:
    """Return a hash to verify against where there is no account; computed once, since it is slow."""
    return _HASHER.hash(b"nobody's")


def hash_password(vault: Vault, owner: object, secret: str) -> str:
    """Hash an owner's secret; the same secret of another owner has another hash."""
    with _SLOTS:
        return _HASHER.hash(vault.pepper(str(owner), secret))


def verify_password(vault: Vault, owner: object, secret: str, hashed: str | None) -> bool:
    """Return whether a secret is the hashed one; False if there is no hash.

    Without a hash it takes as long, so that the time does not reveal which accounts exist.
    """
    try:
        with _SLOTS:
            is_right = _HASHER.verify(hashed or _dummy_hash(), vault.pepper(str(owner), secret))
    except (VerifyMismatchError, InvalidHashError):
        return False
    # The dummy hash did the same work; only now does a missing hash decide the answer.
    return is_right and hashed is not None
