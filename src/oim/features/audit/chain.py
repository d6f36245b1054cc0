"""The mark of an entry: a keyed hash over the mark before it and all that it says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from oim.kit.crypto import Vault

GENESIS_MARK = b"\0" * 32  # the mark before the first entry


def compute_mark(vault: Vault, previous_mark: bytes, seq: int, values: Mapping[str, Any]) -> bytes:
    """32 bytes. The key lies outside the database: who can only write there can make no mark."""
    told = {name: _to_json_value(value) for name, value in values.items()}
    return vault.chain_mac(previous_mark.hex(), str(seq), json.dumps(told, sort_keys=True, ensure_ascii=True))


def _to_json_value(value: Any) -> Any:
    if value is None or isinstance(value, dict):
        return value
    return value.astimezone(UTC).isoformat() if hasattr(value, "astimezone") else str(value)
