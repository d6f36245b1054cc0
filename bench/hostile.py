"""Drill: what hostile calls leave behind in tables and logs, and what slow clients do to everybody's pages.

Run `python -m bench.hostile [calls] [clients]`. Each sort of call is made that often, by as many addresses;
then the clients hold connections open without ever finishing a request, while a page is asked for.
"""

from __future__ import annotations

import http.client
import json
import resource
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from statistics import median
from time import perf_counter
from uuid import uuid4

from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine, text

from bench.stack import running_stack
from oim import bootstrap
from oim.apps.up.ports import LOOPBACK
from oim.features.access import Actor, Role
from oim.kit.settings import Settings

TABLES = ("events", "outbox", "audit", "refusals")
PAGES = 20  # how often a page is asked for while clients hold their connections
UNFINISHED = (
    b"POST /fr/recommendations HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\ntext=a"
)
HELD = (b"", b"GET / HTTP/1.1\r\nHost: localhost\r\n", UNFINISHED)
console = Console(width=120)


def main(calls: int, clients: int) -> None:
    """Start everything, make the calls, hold the connections, and print what both did."""
    with running_stack() as settings:
        console.print(_measure_growth(settings, _list_calls(settings), calls))
        _measure_slow_clients(settings.port, clients)


def _list_calls(settings: Settings) -> Mapping[str, Callable[[int], None]]:
    """List the sorts of hostile calls; each is made by its number."""
    token = bootstrap.sign_in_services(settings).sessions.open(Actor(Role.CASE_WORKER, uuid4()))
    words = json.dumps({"text": "couturière à Bafoussam"})

    def ask(number: int, method: str, path: str, body: str | None, **headers: str) -> None:
        address = {"X-Forwarded-For": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"}
        connection = http.client.HTTPConnection(LOOPBACK, settings.port, timeout=60)
        connection.request(method, path, body, {**headers, **address})
        connection.getresponse().read()
        connection.close()

    def send(sent: bytes) -> None:
        with socket.create_connection((LOOPBACK, settings.port), timeout=60) as client, suppress(OSError):
            client.sendall(sent)
            client.shutdown(socket.SHUT_WR)
            while client.recv(65536):
                pass

    typed = {"Content-Type": "application/json"}
    return {
        "refused reads": lambda n: ask(
            n, "GET", "/v1/staff/statistics", None, Authorization=f"Bearer {token}"
        ),
        "anonymous lists": lambda n: ask(n, "POST", "/v1/recommendations", words, **typed),
        "unfinished bodies": lambda _: send(UNFINISHED),
        "no HTTP": lambda _: send(b"no HTTP\r\n\r\n"),
    }


def _measure_growth(settings: Settings, sorts: Mapping[str, Callable[[int], None]], calls: int) -> Table:
    """Make the calls of each sort, and measure by how much tables and logs have grown."""
    parts = (*TABLES, "logs")
    table = Table("sort", *(f"{name} KB" for name in parts), title=f"Growth by {calls:,} calls, per 10,000")
    for name, call in sorts.items():
        before = _measure_sizes(settings)
        for number in range(calls):
            call(number)
        after = _measure_sizes(settings)
        grown = ((after[part] - before[part]) / 1024 for part in parts)
        table.add_row(name, *(f"{size:,.0f}, {size * 10_000 / calls:,.0f}" for size in grown))
    return table


def _measure_sizes(settings: Settings) -> dict[str, int]:
    """Measure tables with their indexes, and all logs, in bytes."""
    engine = create_engine(settings.database_url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.connect() as connection:
        sizes = {
            name: int(connection.execute(text(f"SELECT pg_total_relation_size('{name}')")).scalar_one())
            for name in TABLES
        }
    engine.dispose()
    return sizes | {"logs": sum(file.stat().st_size for file in settings.home.rglob("*.log"))}


def _measure_slow_clients(port: int, clients: int) -> None:
    """Print how long a page takes, alone and while clients hold their connections open."""
    # Only now: the servers have the limit that they were started with, as on any machine.
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, clients + 500), hard))
    console.print(f"a page, alone: {_time_pages(port)}")
    with ExitStack() as held:
        for number in range(clients):
            client = held.enter_context(socket.create_connection((LOOPBACK, port), timeout=60))
            with suppress(OSError):
                client.sendall(HELD[number % len(HELD)])
        console.print(f"a page, while {clients:,} slow clients come: {_time_pages(port)}")
        console.print(f"a page, while they hold on: {_time_pages(port)}")


def _time_pages(port: int) -> str:
    """Time one page several times, each on a connection of its own."""
    times = []
    for _ in range(PAGES):
        started = perf_counter()
        connection = http.client.HTTPConnection(LOOPBACK, port, timeout=20)
        try:
            connection.request("GET", "/fr/")
            connection.getresponse().read()
        except OSError as error:
            return f"{type(error).__name__} after {perf_counter() - started:.1f} s"
        finally:
            connection.close()
        times.append((perf_counter() - started) * 1000)
    return f"the first {times[0]:,.0f} ms, median {median(times):,.0f} ms, at most {max(times):,.0f} ms"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2500, int(sys.argv[2]) if len(sys.argv) > 2 else 3000)
