"""Links to blobs that our own site serves: signed, for one blob and until one instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

from oim.kit.crypto import Vault

LINK_PATH = "/files/"  # before the key; the site's route is there
_PURPOSE = "blobs.link"  # keeps signatures that were made for anything else from being valid here


@dataclass(frozen=True, slots=True)
class BlobLink:
    """What a link says: the blob, when it expires (seconds since 1970), and how a client saves the file."""

    key: str
    until: int
    file_name: str
    media_type: str


def sign_site_link(vault: Vault, link: BlobLink) -> str:
    """Return the path of a link, with its signature."""
    query = {
        "until": link.until,
        "name": link.file_name,
        "type": link.media_type,
        "s": vault.sign(*_signed_parts(link)),
    }
    return f"{LINK_PATH}{quote(link.key)}?{urlencode(query)}"


def is_valid_site_link(vault: Vault, link: BlobLink, signature: str, at: datetime) -> bool:
    """Return whether we signed a link, and it has not expired."""
    is_ours = vault.is_valid_signature(signature, *_signed_parts(link))
    return is_ours and at.timestamp() < link.until


def _signed_parts(link: BlobLink) -> tuple[str, ...]:
    """List what a link's signature covers: all of it, so that no part can be exchanged."""
    return _PURPOSE, link.key, str(link.until), link.file_name, link.media_type
