"""The mark of an entry: a keyed hash over the mark before it and all that it says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from oim.kit.crypto import Vault

FIRST = b"\0" * 32  # the mark before the first entry


def mark_of(vault: Vault, before: bytes, seq: int, values: Mapping[str, Any]) -> bytes:
    """32 bytes. The key lies outside the database: who can only write there can make no mark."""
    told = {name: _plain(value) for name, value in values.items()}
    return vault.chain_mac(before.hex(), str(seq), json.dumps(told, sort_keys=True, ensure_ascii=True))


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, dict):
        return value
    return value.astimezone(UTC).isoformat() if hasattr(value, "astimezone") else str(value)
