"""The listener: new connections cost next to nothing until their first request has come.

A transport, a parser and the start of an answer cost a third of a millisecond for each connection. Three
thousand that came at once, and sent nothing or half of a request, kept whoever came after them waiting for
all of that, and a visitor whose request nobody had read yet was taken for one of them. See decision 30.
"""

from __future__ import annotations

import asyncio
import errno
import re
import resource
import socket
from collections import deque
from collections.abc import Callable
from functools import partial
from time import monotonic

from oim.channels.http import connections
from oim.channels.http.connections import BoundedProtocol, Connections, extend_wait
from oim.kit.telemetry import logger

BACKLOG = 2048  # connections that the system makes before we accept them
# Between two rounds of the loop: of those who have sent a request, none is overtaken by thousands.
ACCEPTED_AT_ONCE = 64
# Bytes of a request that are waited for; of a longer one its parser decides.
WAITED_BYTES = 16 * 1024
PAUSE = 1.0  # seconds without accepting, where no file can be opened
_NO_ROOM = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
_END_OF_HEAD = re.compile(rb"\n\r?\n")
_LENGTH = re.compile(rb"\ncontent-length:[ \t]*(\d{1,9})[ \t]*\r?\n", re.IGNORECASE)
# Who expects an answer before the body, and a body that does not say how long it is.
_NOT_WAITED_FOR = re.compile(rb"\n(expect|transfer-encoding):", re.IGNORECASE)

MakeProtocol = Callable[[], BoundedProtocol]


class Arrival:
    """A new connection whose first request has not come, or not all of it."""

    is_waiting = True

    def __init__(
        self, accepted: socket.socket, sources: tuple[tuple[str, int], ...], end: Callable[[Arrival], None]
    ) -> None:
        self.socket = accepted
        self.sources = sources
        self.received = bytearray()
        self._end = end
        self._waits_until = monotonic() + connections.PATIENCE

    def receive(self) -> bool:
        """Take what has come; return whether the client is still there."""
        try:
            data = self.socket.recv(WAITED_BYTES)
        except (BlockingIOError, InterruptedError):
            return True
        except OSError:
            return False
        self.received += data
        self._waits_until = extend_wait(self._waits_until, len(data))
        return bool(data)

    def is_late(self, at: float) -> bool:
        """Whether the client has kept us waiting too long, at an instant of the monotonic clock."""
        return at > self._waits_until

    def drop(self) -> None:
        """End the connection at once."""
        self._end(self)


class Listener:
    """Accepts the connections of one socket, and hands each to its protocol once a request has come.

    It stands in for the server of asyncio, as uvicorn uses that: `close` and `wait_closed`.
    """

    def __init__(
        self, listening: socket.socket, open_connections: Connections, make_protocol: MakeProtocol
    ) -> None:
        """Begin to accept, in the running event loop."""
        self._listening, self._connections = listening, open_connections
        self._make_protocol = make_protocol
        self._loop = asyncio.get_running_loop()
        self._arrivals: set[Arrival] = set()
        self._unregistered: deque[Arrival] = deque()  # those of whom nobody notices yet whether they send
        # Half of the files that the process may open are for connections.
        files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        self._most_unregistered = max(ACCEPTED_AT_ONCE, files // 2 - open_connections.limits.total)
        self._is_registering = False
        self._handing_over: set[asyncio.Task[object]] = set()
        listening.setblocking(False)
        listening.listen(BACKLOG)
        self._accept_again()

    def close(self) -> None:
        """Accept nobody any more, and end the connections by which no request has come."""
        self._loop.remove_reader(self._listening)
        for arrival in list(self._arrivals):
            self._connections.leave(arrival)
            self._end(arrival)

    async def wait_closed(self) -> None:
        """Return: what was handed over is the server's."""

    def _accept_again(self) -> None:
        if self._listening.fileno() >= 0:  # not closed in the meantime
            self._loop.add_reader(self._listening, self._accept)

    def _accept(self) -> None:
        """Accept those who wait, a few of them."""
        for _ in range(ACCEPTED_AT_ONCE):
            try:
                accepted, address = self._listening.accept()
            except OSError as error:
                if error.errno in _NO_ROOM:
                    logger(__name__).error("no connection can be accepted", reason=error.strerror)
                    self._loop.remove_reader(self._listening)
                    self._loop.call_later(PAUSE, self._accept_again)
                self._register_soon()
                return
            accepted.setblocking(False)
            self._admit(accepted, str(address[0]) if address else "")
        # Those behind may have sent a request: they come first, as long as there is room.
        if len(self._unregistered) >= self._most_unregistered:
            self._register_soon()

    def _admit(self, accepted: socket.socket, address: str) -> None:
        """Let a connection in. Most have sent a request by now, and never wait."""
        arrival = Arrival(accepted, self._connections.limits.by_source(address), self._end)
        self._arrivals.add(arrival)
        self._receive(arrival)
        if arrival in self._arrivals:
            self._unregistered.append(arrival)

    def _register_soon(self) -> None:
        if self._unregistered and not self._is_registering:
            self._is_registering = True
            self._loop.call_soon(self._register)

    def _register(self) -> None:
        """Wait for what a few of the others send; where there are too many, one ends."""
        for _ in range(min(len(self._unregistered), ACCEPTED_AT_ONCE)):
            arrival = self._unregistered.popleft()
            if arrival in self._arrivals:
                self._loop.add_reader(arrival.socket, self._receive, arrival)
                self._connections.enter(arrival, self._loop)
        self._is_registering = False
        self._register_soon()

    def _receive(self, arrival: Arrival) -> None:
        """Take what a client has sent, and hand the connection over if that is a request."""
        is_there = arrival.receive()
        if is_there and not (arrival.received and is_request(arrival.received)):
            return
        self._connections.leave(arrival)
        if not is_there:
            self._end(arrival)
            return
        self._forget(arrival)
        make = partial(self._make, bytes(arrival.received))
        task = self._loop.create_task(self._loop.connect_accepted_socket(make, arrival.socket))
        self._handing_over.add(task)
        task.add_done_callback(self._handing_over.discard)

    def _make(self, received: bytes) -> BoundedProtocol:
        protocol = self._make_protocol()
        protocol.received_before = received
        return protocol

    def _forget(self, arrival: Arrival) -> None:
        self._loop.remove_reader(arrival.socket)
        self._arrivals.discard(arrival)

    def _end(self, arrival: Arrival) -> None:
        self._forget(arrival)
        arrival.socket.close()


def is_request(received: bytes | bytearray) -> bool:
    """Whether a parser has anything to do with what came: a request with its body, or what can be none."""
    if received[0] <= ord(" ") or len(received) >= WAITED_BYTES:
        return True
    end = _END_OF_HEAD.search(received)
    if end is None:
        return False
    head = received[: end.end()]
    length = _LENGTH.search(head)
    if length is None or _NOT_WAITED_FOR.search(head):
        return True
    return len(received) - end.end() >= int(length[1])
