"""Keys and what is done with them: sealing of personal data, blind indexes, signatures.

What is personal is each feature's to know; who may read it is `access`'s matter.
"""

from oim.kit.crypto.key_ring import Ring, change_ring, create_ring, read_ring, with_new_key, without_key
from oim.kit.crypto.password_hash import slow_check, slow_hash
from oim.kit.crypto.vault import Vault, key_of

__all__ = [
    "Ring",
    "Vault",
    "change_ring",
    "create_ring",
    "key_of",
    "read_ring",
    "slow_check",
    "slow_hash",
    "with_new_key",
    "without_key",
]
