"""Links to originals: signed, for one actor and a few minutes; who follows one is still asked for leave."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from oim.features.access import Actor
from oim.kit.crypto import Vault

LIVES = timedelta(minutes=5)
_USE = "cv.original"


def link(vault: Vault, actor: Actor, document: UUID, at: datetime) -> tuple[int, str]:
    """When a link made now expires (seconds since 1970), and its signature."""
    expires = int((at + LIVES).timestamp())
    return expires, vault.sign(*_parts(actor, document, expires))


def linked(vault: Vault, actor: Actor, document: UUID, expires: int, signature: str, at: datetime) -> bool:
    """Whether a link is ours, is this actor's to this document, and has not expired."""
    return at.timestamp() < expires and vault.is_valid_signature(signature, *_parts(actor, document, expires))


def _parts(actor: Actor, document: UUID, expires: int) -> tuple[str, ...]:
    return _USE, str(document), actor.role, str(actor.id), str(actor.organisation), str(expires)
