"""Connections to the server: how many there may be, and how long each may keep us waiting for its client.

A client that sends its request, or takes its answer, more slowly than any network does ends its own
connection only. Where there are too many, whoever has kept us waiting longest makes room for who comes: a
visitor sends a request at once, and one who holds connections open without sending waits longest. See
decision 30.
"""

from __future__ import annotations

import logging
from asyncio import AbstractEventLoop
from collections import OrderedDict, defaultdict
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from time import monotonic
from typing import Any, Protocol

from uvicorn.protocols.http.h11_impl import H11Protocol

from oim.kit.rate_limits import source_prefixes
from oim.kit.telemetry import logger

# A head or a body is waited for so many seconds, and one more for each `SLOWEST` bytes that came: a telephone
# on 2G sends some 3,000 bytes a second. Never longer than `SILENCE` from the last byte on.
PATIENCE = 20.0
SLOWEST = 500
SILENCE = 30.0
# Seconds until a client has taken part of an answer: with 64 KB waiting, those of the same speed.
TAKING_PATIENCE = 120.0
LOOK_INTERVAL = 2.0  # seconds between two looks at those who wait


@dataclass(frozen=True, slots=True)
class Limits:
    """How many connections one process holds at a time: in all, of one address, of one network of IPv6."""

    total: int = 1000
    # Many telephones of one operator share an address. A proxy of ours passes on everybody's requests.
    per_address: int = 200
    per_network: int = 600
    proxies: str = ""

    def is_proxy(self, address: str) -> bool:
        """Whether an address is that of a proxy of ours, which has connections for everybody."""
        try:
            parsed = ip_address(address)
        except ValueError:  # of a socket that is a file
            return False
        # `::ffff:192.0.2.1` is an IPv4 proxy as a server for both protocols sees it.
        parsed = getattr(parsed, "ipv4_mapped", None) or parsed
        return any(parsed in network for network in _parse_networks(self.proxies))

    @lru_cache(maxsize=4096)  # noqa: B019 (limits are few, and live as long as the process)
    def by_source(self, address: str) -> tuple[tuple[str, int], ...]:
        """List what an address is counted by, with how many connections each may have; none for a proxy."""
        if self.is_proxy(address):
            return ()
        return tuple(zip(source_prefixes(address), (self.per_address, self.per_network), strict=False))


@lru_cache(maxsize=8)
def _parse_networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Parse networks with commas between them, once: every connection is compared with them."""
    return tuple(map(ip_network, filter(None, text.replace(" ", "").split(","))))


def extend_wait(until: float, count: int) -> float:
    """Until when a client is waited for that was waited for `until`, now that so many bytes came from it."""
    # What came fast buys no silence later, nor does a byte now and then.
    return min(until + count / SLOWEST, monotonic() + SILENCE)


class Connection(Protocol):
    """An open connection, with or without a protocol yet."""

    sources: tuple[tuple[str, int], ...]  # what it is counted by, and how many there may be

    @property
    def is_waiting(self) -> bool: ...
    def is_late(self, at: float, /) -> bool: ...
    def drop(self) -> None: ...


class BoundedProtocol(H11Protocol):
    """uvicorn's protocol for one connection, which knows since when it waits for its client."""

    def __init__(self, connections: Connections, **options: Any) -> None:
        super().__init__(**options)
        self.logger: Any = _ClientLog(self.logger, {})
        self.sources: tuple[tuple[str, int], ...] = ()
        self.received_before = b""  # what came by the connection before it had a protocol
        self._connections = connections
        # On the monotonic clock: since when, and until when while the client sends.
        self._waits_since = self._waits_until = 0.0
        self._is_idle = False

    @property
    def is_waiting(self) -> bool:
        """Whether the client's turn has come: to send, or to take what we sent."""
        cycle = self.cycle
        is_between = cycle is None or cycle.response_complete
        # A body that we do not read on waits for us.
        return is_between or self._is_sending or (cycle.more_body and not self.flow.read_paused)

    @property
    def _is_sending(self) -> bool:
        """Whether an answer waits for its client to take it."""
        return self.flow.write_paused or self.transport.is_closing()

    def is_late(self, at: float) -> bool:
        """Whether the client has kept us waiting too long, at an instant of the monotonic clock."""
        until = self._waits_since + TAKING_PATIENCE if self._is_sending else self._waits_until
        return self.is_waiting and at > until

    def drop(self) -> None:
        """End the connection at once; a route that reads from it gets a `ClientDisconnect`."""
        self.transport.abort()

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.sources = self._connections.limits.by_source(self.client[0] if self.client else "")
        self._begin_wait()
        self._connections.enter(self, self.loop)
        if self.received_before and not transport.is_closing():
            self.data_received(self.received_before)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._connections.leave(self)

    def data_received(self, data: bytes) -> None:
        if self._is_idle:
            self._begin_wait()
        self._waits_until = extend_wait(self._waits_until, len(data))
        cycle = self.cycle
        super().data_received(data)
        if self.cycle is not cycle:  # the head is there: from now on its body is waited for
            self._begin_wait()

    def on_response_complete(self) -> None:
        self._begin_wait()
        self._is_idle = True
        super().on_response_complete()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._begin_wait()

    def _begin_wait(self) -> None:
        self._waits_since, self._is_idle = monotonic(), False
        self._waits_until = self._waits_since + PATIENCE
        self._connections.begin_wait(self)


class _ClientLog(logging.LoggerAdapter[logging.Logger]):
    """uvicorn's log of a connection, whose warnings are all about its client: they are no fault of ours."""

    @property
    def level(self) -> int:
        """The level of the log, which uvicorn asks for."""
        return self.logger.level

    def warning(self, msg: object, *args: object, **kwargs: Any) -> None:
        self.info(msg, *args, **kwargs)


Queue = MutableMapping[Connection, None]


@dataclass(slots=True)
class Connections:
    """The open connections of a process, in all and by source: who has waited longest comes first."""

    limits: Limits
    _all: OrderedDict[Connection, None] = field(default_factory=OrderedDict)
    _by_source: defaultdict[str, OrderedDict[Connection, None]] = field(
        default_factory=lambda: defaultdict(OrderedDict)
    )
    _dropped: int = 0  # since the last look
    _is_looking: bool = False

    def __call__(self, **options: Any) -> BoundedProtocol:
        """Make the protocol of a new connection, for uvicorn."""
        return BoundedProtocol(self, **options)

    def enter(self, newcomer: Connection, loop: AbstractEventLoop) -> None:
        """Let a connection in; where there are too many, the one that has waited longest ends."""
        self._all[newcomer] = None
        for source, _ in newcomer.sources:
            self._by_source[source][newcomer] = None
        for source, most in newcomer.sources:
            # The newcomer itself may be gone by now, and have been the only one of a source.
            if len(own := self._by_source.get(source, OrderedDict())) > most:
                self._drop_first(own)
        if len(self._all) > self.limits.total:
            self._drop_first(self._all)
        if not self._is_looking:
            self._is_looking = True
            loop.call_later(LOOK_INTERVAL, self._look, loop.call_later)

    def leave(self, connection: Connection) -> None:
        """Forget a connection that has ended, if it is known."""
        if connection not in self._all:
            return
        del self._all[connection]
        for source, _ in connection.sources:
            self._by_source[source].pop(connection, None)
            if not self._by_source[source]:
                del self._by_source[source]

    def begin_wait(self, connection: Connection) -> None:
        """Put a connection behind those that have waited longer."""
        if connection not in self._all:
            return
        for queue in (self._all, *(self._by_source[source] for source, _ in connection.sources)):
            queue.move_to_end(connection)

    def drop_late(self, at: float) -> None:
        """End the connections that have waited too long at an instant of the monotonic clock."""
        for connection in [connection for connection in self._all if connection.is_late(at)]:
            self._drop(connection)

    def _drop_first(self, queue: Queue) -> None:
        """End the connection that has waited longest; one that is being answered waits for nobody."""
        # At the latest the newcomer, which has sent nothing yet.
        self._drop(next(connection for connection in queue if connection.is_waiting))

    def _drop(self, connection: Connection) -> None:
        self._dropped += 1
        # At once, not when its end is noticed: until then others would come in its place.
        self.leave(connection)
        connection.drop()

    def _look(self, call_later: Callable[..., object]) -> None:
        """Look for connections that wait too long, and come back while there are any connections."""
        self.drop_late(monotonic())
        if self._dropped:
            logger(__name__).info("clients kept us waiting", ended=self._dropped, open=len(self._all))
            self._dropped = 0
        self._is_looking = bool(self._all)
        if self._is_looking:
            call_later(LOOK_INTERVAL, self._look, call_later)
