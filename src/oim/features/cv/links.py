"""Links to originals: signed, for one actor and a few minutes; who follows one is still asked for leave."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from oim.features.access import Actor
from oim.kit.crypto import Vault

LINK_LIFETIME = timedelta(minutes=5)
_LINK_PURPOSE = "cv.original"


def sign_link(vault: Vault, actor: Actor, document: UUID, at: datetime) -> tuple[int, str]:
    """When a link made now expires (seconds since 1970), and its signature."""
    expires = int((at + LINK_LIFETIME).timestamp())
    return expires, vault.sign(*_signed_parts(actor, document, expires))


def is_valid_link(
    vault: Vault, actor: Actor, document: UUID, expires: int, signature: str, at: datetime
) -> bool:
    """Whether a link is ours, is this actor's to this document, and has not expired."""
    return at.timestamp() < expires and vault.is_valid_signature(
        signature, *_signed_parts(actor, document, expires)
    )


def _signed_parts(actor: Actor, document: UUID, expires: int) -> tuple[str, ...]:
    return _LINK_PURPOSE, str(document), actor.role, str(actor.id), str(actor.organisation), str(expires)
