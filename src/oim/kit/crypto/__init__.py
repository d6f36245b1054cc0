"""Keys and what is done with them: sealing of personal data, blind indexes, signatures.

What is personal is each feature's to know; who may read it is `access`'s matter.
"""

from oim.kit.crypto.key_ring import KeyRing, change_ring, create_ring, read_ring, with_new_key, without_key
from oim.kit.crypto.password_hash import hash_password, verify_password
from oim.kit.crypto.vault import Vault, sealing_key_id

__all__ = [
    "KeyRing",
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
