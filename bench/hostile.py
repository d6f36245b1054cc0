"""Drills: what hostile calls leave behind in tables and logs, and what slow clients do to everybody's pages.

Run `python -m bench.hostile growth [calls]` (a quarter of the calls is of each sort, by as many addresses) or
`python -m bench.hostile clients [number]`.
"""

from __future__ import annotations

import http.client
import json
import resource
import socket
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from uuid import uuid4

import psutil
from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine, text

from bench.slow_clients import LOOPBACK, UNFINISHED, Visit, describe, slow_clients, visit_until
from bench.stack import running_stack
from oim import bootstrap
from oim.features.access import Actor, Role
from oim.kit.settings import Settings

TABLES = ("events", "outbox", "audit", "refusals")
CALLERS = 4  # hostile calls at a time
PHASE = 5.0  # seconds of visits before the slow clients come, and while they hold on
DIGESTION = 1.0  # seconds after the last has come that still count as the arrival
START = 120.0  # seconds for the visitor's process to begin, and to end
console = Console(width=120)


def run_growth(settings: Settings, calls: int) -> Table:
    """Make the calls, and say by how much they made tables and logs grow."""
    sorts = _list_calls(settings)
    share = max(1, calls // len(sorts))
    parts = (*TABLES, "database", "logs")
    title = f"Growth by {share:,} calls, per 10,000 (KB); each sort by as many addresses"
    table = Table("sort", "seconds", *parts, title=title)
    for name, call in sorts.items():
        before, started = _measure_sizes(settings), time.perf_counter()
        with ThreadPoolExecutor(CALLERS) as pool:
            list(pool.map(call, range(share)))
        seconds, after = time.perf_counter() - started, _measure_sizes(settings)
        grown = ((after[part] - before[part]) / 1024 for part in parts)
        table.add_row(
            name, f"{seconds:.0f}", *(f"{size:,.0f}, {size * 10_000 / share:,.0f}" for size in grown)
        )
    return table


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


def _measure_sizes(settings: Settings) -> dict[str, int]:
    """Measure tables with their indexes, the whole database, and all logs, in bytes."""
    engine = create_engine(settings.database_url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.connect() as connection:
        sizes = {
            name: int(connection.execute(text(f"SELECT pg_total_relation_size('{name}')")).scalar_one())
            for name in TABLES
        }
        size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    engine.dispose()
    logs = sum(file.stat().st_size for file in (settings.home / "log").iterdir())
    return sizes | {"database": int(size), "logs": logs}


@dataclass(frozen=True)
class Arrival:
    """When slow clients came, and how many CPU seconds the site had taken at which instant."""

    quiet: tuple[float, float]
    begun: float
    ended: float
    cpu: tuple[float, float, float]  # at the begin and the end of the quiet phase, and at the end of all

    def describe(self, visits: list[Visit], clients: int) -> str:
        """Say how the page did before, while they came, and while they held on."""
        since, until = self.quiet
        quiet = [visit for visit in visits if since <= visit.at < until]
        # A page that was asked for just before they came was answered while they did.
        coming = [visit for visit in visits if self.begun - 0.1 <= visit.at < self.ended + DIGESTION]
        holding = [visit for visit in visits if visit.at >= self.ended + DIGESTION]
        of_page = (self.cpu[1] - self.cpu[0]) / max(1, len(quiet))
        of_client = (self.cpu[2] - self.cpu[1] - of_page * len(coming + holding)) / clients
        return (
            f"without slow clients: {describe(quiet)}\n"
            f"while {clients:,} come, in {self.ended - self.begun:.1f} s: {describe(coming)}\n"
            f"while they hold on: {describe(holding)}\n"
            f"CPU of the site: {of_page * 1000:.1f} ms a page, {of_client * 1000:.2f} ms a slow client"
        )


def run_clients(settings: Settings, clients: int) -> str:
    """Have a visitor ask for a page before slow clients come, while they do, and while they hold on."""
    # Only now: the servers have the limit that they were started with, as on any machine.
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, clients + 500), hard))
    spawn = get_context("spawn")
    begun, ended, seen = spawn.Event(), spawn.Event(), spawn.Queue()
    visitor = spawn.Process(target=visit_until, args=(settings.port, begun, ended, seen), daemon=True)
    visitor.start()
    if not begun.wait(START):
        raise ConnectionError("the visitor did not begin")
    arrival = _let_come(settings.port, clients)
    ended.set()
    visits: list[Visit] = seen.get(timeout=START)
    visitor.join()
    return arrival.describe(visits, clients)


def _let_come(port: int, clients: int) -> Arrival:
    """Wait, let the slow clients come, and wait again."""
    sites = [process for process in psutil.Process().children(recursive=True) if _is_site(process)]
    since, cpu = time.time(), [_sum_cpu(sites)]
    time.sleep(PHASE)
    cpu.append(_sum_cpu(sites))
    begun = time.time()
    with slow_clients(port, clients):
        ended = time.time()
        time.sleep(DIGESTION + PHASE)
    cpu.append(_sum_cpu(sites))
    return Arrival((since, begun), begun, ended, (cpu[0], cpu[1], cpu[2]))


def _is_site(process: psutil.Process) -> bool:
    return "oim.apps.site" in process.cmdline()


def _sum_cpu(processes: list[psutil.Process]) -> float:
    return sum(sum(process.cpu_times()[:2]) for process in processes)


DRILLS: Mapping[str, tuple[Callable[[Settings, int], object], int]] = {
    "growth": (run_growth, 10_000),
    "clients": (run_clients, 3000),
}


def main(name: str, number: int | None) -> None:
    """Start everything with the sample offers, and print what one drill measured."""
    run, usual = DRILLS[name]
    with running_stack() as settings:
        console.print(run(settings, number or usual))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else None)
