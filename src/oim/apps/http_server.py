"""How our HTTP servers are set up: what uvicorn logs, whom it believes, and how much it lets clients hold."""

from __future__ import annotations

import resource
from dataclasses import replace
from typing import Any

from oim.channels.http.connections import Connections, Limits

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
        "http": Connections(limits).protocol,
        "ws": "none",
        # As many connections are accepted at once, before any is counted: with those it must fit the files.
        "backlog": min(2048, (files - OTHER_FILES) // 2),
    }


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
