"""Slow clients, and a visitor who asks for a page again and again while they come and hold on.

Imported alone by the visitor's process: what starts the product is in `bench.hostile`.
"""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from typing import Protocol

LOOPBACK = "127.0.0.1"
PAGE = "/fr/"
PAUSE = 0.02  # seconds between two visits: a visitor reads too
PATIENCE = 60.0  # seconds for a page
UNFINISHED = (
    b"POST /fr/recommendations HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\ntext=a"
)
SLOW = (b"", b"GET / HTTP/1.1\r\nHost: localhost\r\n", UNFINISHED)


@dataclass(frozen=True)
class Visit:
    """A page asked for at an instant (of the clock of the machine): how long it took; 0 is no answer."""

    at: float
    milliseconds: float
    status: int


class Visits(Protocol):
    """A queue by which the visitor's process says what it saw."""

    def put(self, visits: list[Visit]) -> None: ...


def visit_until(port: int, begun: Event, ended: Event, visits: Visits) -> None:
    """Ask for the page, each time by a connection of its own, until `ended`."""
    seen: list[Visit] = []
    while not ended.is_set():
        seen.append(visit_page(port))
        begun.set()
        time.sleep(PAUSE)
    visits.put(seen)


def visit_page(port: int) -> Visit:
    """Ask for the page once."""
    at, started, status = time.time(), time.perf_counter(), 0
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=PATIENCE)
    with suppress(OSError, http.client.HTTPException):
        connection.request("GET", PAGE)
        response = connection.getresponse()
        response.read()
        status = response.status
    connection.close()
    return Visit(at, (time.perf_counter() - started) * 1000, status)


@contextmanager
def slow_clients(port: int, count: int) -> Iterator[None]:
    """Hold so many connections open during the block, by none of which a whole request comes."""
    with ExitStack() as opened:
        for number in range(count):
            client = opened.enter_context(socket.create_connection((LOOPBACK, port), timeout=PATIENCE))
            with suppress(OSError):  # it was ended already
                client.sendall(SLOW[number % len(SLOW)])
        yield


def describe(visits: Sequence[Visit]) -> str:
    """Say how long the pages took, and how many did not come."""
    times = sorted(visit.milliseconds for visit in visits)
    if not times:
        return "no page"
    failed = sum(visit.status != http.HTTPStatus.OK for visit in visits)
    p50, p95 = (times[int(len(times) * share)] for share in (0.5, 0.95))
    return f"{len(times)} pages, {failed} failed: p50 {p50:,.0f}, p95 {p95:,.0f}, max {times[-1]:,.0f} ms"
