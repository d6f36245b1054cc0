"""Load a server of HTTP from a process of its own: a number of connections that ask without a pause."""

from __future__ import annotations

import asyncio
import http.client
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import count
from time import perf_counter

import numpy as np

CONNECTIONS = 16
LOOPBACK = "127.0.0.1"
# Headers that a server writes itself: whoever answers the same bytes must not repeat them.
SERVER_HEADERS = frozenset({"date", "server", "content-length", "connection"})


@dataclass(frozen=True)
class Request:
    """One request, the same each time but for the address that it seems to come from."""

    method: str
    path: str
    body: bytes = b""
    media_type: str = ""

    def encode(self, number: int) -> bytes:
        """Return the bytes to send as request `number`.

        Requests seem to come from many addresses, as behind a proxy: the limits of calls count by address.
        """
        lines = [
            f"{self.method} {self.path} HTTP/1.1",
            f"Host: {LOOPBACK}",
            "Accept-Encoding: gzip, deflate, br",
            "Accept-Language: fr",
            "Sec-Fetch-Site: same-origin",
            f"X-Forwarded-For: 10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
        ]
        if self.body:
            lines += [f"Content-Type: {self.media_type}", f"Content-Length: {len(self.body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + self.body


@dataclass(frozen=True)
class Rate:
    """Answers a second, and the median and 95th percentile of the time of one, in milliseconds."""

    per_second: float
    p50: float
    p95: float


def load_server(port: int, requests: Sequence[Request], seconds: float) -> Rate:
    """Send these requests in turn over `CONNECTIONS` connections. Raises ConnectionError if one fails."""
    times: list[float] = []
    started = perf_counter()
    asyncio.run(_send_all(port, requests, started + seconds, times))
    return rate(times, perf_counter() - started)


def rate(times: Sequence[float], seconds: float) -> Rate:
    """Return the rate of calls that took these times, in milliseconds, within so many seconds."""
    return Rate(len(times) / seconds, *(float(value) for value in np.percentile(times, [50, 95])))


async def _send_all(port: int, requests: Sequence[Request], until: float, times: list[float]) -> None:
    """Send requests over all connections until an instant of the performance counter."""
    numbers = count()

    async def use_one_connection() -> None:
        reader, writer = await asyncio.open_connection(LOOPBACK, port)
        # At least once, however late: there is no rate of nothing.
        while not times or perf_counter() < until:
            started = perf_counter()
            number = next(numbers)
            writer.write(requests[number % len(requests)].encode(number))
            status, body = await read_response(reader)
            if status != HTTPStatus.OK:
                raise ConnectionError(f"{status} {body.decode(errors='replace')}")
            times.append((perf_counter() - started) * 1000)
        writer.close()

    await asyncio.gather(*(use_one_connection() for _ in range(CONNECTIONS)))


async def read_response(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Read one response to its end; return its status and its body, compressed or not."""
    head = await reader.readuntil(b"\r\n\r\n")
    _, _, length = head.lower().partition(b"content-length: ")
    return int(head.split(b" ", 2)[1]), await reader.readexactly(int(length.partition(b"\r\n")[0]))


def fetch(port: int, request: Request) -> tuple[bytes, dict[str, str]]:
    """Return the body of one response as it was sent, compressed or not, and its headers."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=30)
    try:
        headers = dict(
            line.split(": ", 1) for line in request.encode(0).decode().splitlines()[2:] if ": " in line
        )
        connection.request(request.method, request.path, request.body or None, headers)
        response = connection.getresponse()
        kept = {name: value for name, value in response.getheaders() if name.lower() not in SERVER_HEADERS}
        return response.read(), kept
    finally:
        connection.close()
