"""How our HTTP servers are set up: what uvicorn logs, whom it believes, and how much it lets clients hold."""

from __future__ import annotations

import resource
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, cast

import uvicorn

from oim.channels.http.connections import Connections, Limits
from oim.channels.http.listener import Listener

FILES_WANTED = 8192  # open files: a connection is one
OTHER_FILES = 128  # of the program itself: its databases, its files


def server_options(limits: Limits) -> dict[str, Any]:
    """Return the options of uvicorn for a server that holds so many connections."""
    files = raise_open_files()
    most = min(limits.total, (files - OTHER_FILES) // 2)
    limits = replace(
        limits,
        total=most,
        per_address=min(limits.per_address, most),
        per_network=min(limits.per_network, most),
    )
    return {
        # uvicorn would log through handlers of its own, which do not strip personal data.
        "log_config": None,
        "access_log": False,
        # Both, and always: uvicorn believes this machine by itself, or whom `FORWARDED_ALLOW_IPS` names.
        "proxy_headers": bool(limits.proxies),
        "forwarded_allow_ips": limits.proxies,
        # One of ours for each connection, and no sockets of the web, which nothing here serves.
        "http": Connections(limits),
        "ws": "none",
        # Where asyncio accepts, it accepts as many at once before any is counted: those must fit the files.
        "backlog": min(2048, (files - OTHER_FILES) // 2),
    }


class Server(uvicorn.Server):
    """uvicorn's server, whose connections come by our listener. For options of `server_options`."""

    def __init__(self, config: uvicorn.Config, beat: Callable[[], None]) -> None:
        """`beat` is called ten times a second, while the event loop goes round."""
        super().__init__(config)
        self._beat = beat

    async def on_tick(self, counter: int) -> bool:
        self._beat()
        return await super().on_tick(counter)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the application, and accept connections by these sockets."""
        await super().startup([])
        connections = cast(Connections, self.config.http)
        make_protocol = partial(
            connections, config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        # Of the servers of asyncio, uvicorn calls what a listener has.
        self.servers = cast(
            Any, [Listener(listening, connections, make_protocol) for listening in sockets or ()]
        )


def run_server(
    config: uvicorn.Config, listening: socket.socket, beat: Callable[[], None] = lambda: None
) -> None:
    """Serve by a bound socket until the process is stopped; exits with status 3 if the start fails."""
    server = Server(config, beat)
    with suppress(KeyboardInterrupt):  # what a signal to stop ends in, once all is answered
        server.run([listening])
    if not server.started:
        sys.exit(3)


def raise_open_files() -> int:
    """Raise how many files this process may open as far as it is let, and return how many.

    A server that has no file left accepts nobody, not even to be refused; systems give a program 1,024.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = FILES_WANTED if hard == resource.RLIM_INFINITY else min(FILES_WANTED, hard)
    if soft != resource.RLIM_INFINITY and soft < limit:
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
        return limit
    return FILES_WANTED if soft == resource.RLIM_INFINITY else soft
