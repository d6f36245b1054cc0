"""Cryptography: the key ring, sealing of personal data, blind indexes, signatures, password hashes.

Each feature decides what is personal; `features.access` decides who may read it.
"""

from oim.kit.crypto.key_ring import KeyRing, change_ring, create_ring, read_ring, with_new_key, without_key
from oim.kit.crypto.key_source import KeySource, RingFile
from oim.kit.crypto.password_hash import hash_password, verify_password
from oim.kit.crypto.vault import Vault, sealing_key_id

__all__ = [
    "KeyRing",
    "KeySource",
    "RingFile",
    "Vault",
    "change_ring",
    "create_ring",
    "hash_password",
    "read_ring",
    "sealing_key_id",
    "verify_password",
    "with_new_key",
    "without_key",
]
