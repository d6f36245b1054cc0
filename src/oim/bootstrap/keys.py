"""The keys: where their ring comes from, and the vault that works with it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from oim.bootstrap.urls import Adapter, Table, make
from oim.kit.crypto import KeySource, RingFile, Vault
from oim.kit.settings import EMBEDDED, Settings


def file_of(url: str) -> Path:
    """Return the path of a `file://` URL."""
    return Path(unquote(urlsplit(url).path))


KEYS: Table[KeySource] = {
    EMBEDDED: Adapter(lambda _, settings: RingFile(settings.ring_file)),
    "file://": Adapter(lambda url, _: RingFile(file_of(url))),
}


def key_source(settings: Settings) -> KeySource:
    """Make the source of the key ring."""
    return make("keys_url", KEYS, settings)


def vault(settings: Settings) -> Vault:
    """Load the ring of keys that settings name, once a process. Raises BadInputError, UnavailableError."""
    return _cached_vault(key_source(settings))


# One vault for each source: it loads the ring once, and then watches the source for new keys.
@cache
def _cached_vault(source: KeySource) -> Vault:
    """Load the ring of keys of a source."""
    return Vault(source)
