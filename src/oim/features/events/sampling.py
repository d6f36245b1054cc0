"""Which lists of strangers are recorded: one in ten, as their ids say, which nobody else can make.

What becomes of an offer of a list that was left out is recorded all the same. So its id must prove that it is
one of ours: there is no row of it to look for.
"""

from __future__ import annotations

import secrets
from hmac import compare_digest
from uuid import UUID

from oim.kit.crypto import Vault

# Strangers are a tenth of what is learned at most, so where they ask as often as people, a tenth of their
# lists is about all that is ever read. Lists of people are all recorded.
SAMPLED_SHARE = 0.1
_PURPOSE = "events.list"
_SEED_BYTES = 8  # of the 16 of an id, drawn at random; the others prove that the id is ours


def make_list_id(vault: Vault) -> UUID:
    """Make a new id of a list."""
    seed = secrets.token_bytes(_SEED_BYTES)
    return UUID(bytes=seed + _make_proof(vault, seed))


def is_sampled(list_id: UUID) -> bool:
    """Whether a list of this id is recorded even where a stranger was shown it: always the same for an id."""
    seed = int.from_bytes(list_id.bytes[:_SEED_BYTES])
    return seed / (1 << 8 * _SEED_BYTES) < SAMPLED_SHARE


def is_left_out(vault: Vault, list_id: UUID) -> bool:
    """Whether a list of this id is one of ours that was not recorded, if it was a stranger's."""
    seed, proof = list_id.bytes[:_SEED_BYTES], list_id.bytes[_SEED_BYTES:]
    return not is_sampled(list_id) and compare_digest(proof, _make_proof(vault, seed))


def _make_proof(vault: Vault, seed: bytes) -> bytes:
    return vault.blind_index(_PURPOSE, seed.hex())[: 16 - _SEED_BYTES]
