"""Connections of slow and of too many clients end; a visitor is answered meanwhile."""

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import Mock

import pytest
import uvicorn
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from oim.channels.http import connections
from oim.channels.http.connections import Connections, Limits

HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
BODY = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc"
LARGE = b"x" * 20_000_000  # more than the buffers of two sockets hold
Serve = Callable[[Limits], int]


class App:
    """It answers a GET at `/` and a POST, when its body is there; at `/large` a large body."""

    def __init__(self) -> None:
        self.left = threading.Event()  # a client left before its body was complete
        self.is_done_with_large = threading.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            await request.body()
        except ClientDisconnect:
            self.left.set()
            return
        content = LARGE if scope["path"] == "/large" else b"here"
        await PlainTextResponse(content)(scope, receive, send)
        if content is LARGE:
            self.is_done_with_large.set()


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def serve(app: App) -> Iterator[Serve]:
    """Serve the application on a free port, with these limits; returns the port."""
    running: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(limits: Limits) -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        options: dict[str, Any] = {"http": Connections(limits), "ws": "none", "lifespan": "off"}
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, **options))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        running.append((server, thread))
        return int(listener.getsockname()[1])

    yield start
    for server, thread in running:
        server.force_exit = server.should_exit = True
        thread.join()


def connect(port: int, sent: bytes = b"", source: str = "127.0.0.1") -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), timeout=60, source_address=(source, 0))
    client.sendall(sent)
    return client


def ask(port: int, source: str = "127.0.0.1") -> bytes:
    """The whole answer to a visitor who asks at once."""
    with connect(port, HEAD + b"Connection: close\r\n\r\n", source) as client:
        return b"".join(iter(lambda: client.recv(65536), b""))


def has_ended(client: socket.socket) -> bool:
    """Wait until the server ends a connection; False if it sends something instead."""
    try:
        return client.recv(1) == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize("sent", [b"", HEAD, BODY])
def test_who_waits_longest_makes_room_for_who_comes(serve: Serve, sent: bytes) -> None:
    port = serve(Limits(total=5))
    slow = [connect(port, sent) for _ in range(5)]
    for client in slow[:-1]:
        assert ask(port).endswith(b"here")
        # A visitor who has left leaves room for another, so this is the one that ended.
        newcomer = connect(port, sent)
        slow.append(newcomer)
        assert has_ended(client)
    for client in slow:
        client.close()


def test_one_address_takes_no_others_places(serve: Serve) -> None:
    port = serve(Limits(total=10, per_address=3))
    patient = [connect(port, HEAD, "127.0.0.2") for _ in range(3)]
    many = [connect(port, HEAD, "127.0.0.3") for _ in range(8)]
    assert [has_ended(client) for client in many[:5]] == [True] * 5
    # Those of another address go on where they were.
    for client in patient:
        client.sendall(b"Connection: close\r\n\r\n")
        assert client.recv(12) == b"HTTP/1.1 200"
    for client in patient + many:
        client.close()


def test_a_proxy_has_connections_for_everybody(serve: Serve) -> None:
    port = serve(Limits(total=10, per_address=1, proxies="10.0.0.7, 127.0.0.0/8"))
    many = [connect(port, HEAD) for _ in range(8)]
    for client in many:
        client.sendall(b"Connection: close\r\n\r\n")
        assert client.recv(12) == b"HTTP/1.1 200"
        client.close()


PROXIES = Limits(proxies="10.0.0.7, 2001:db8:0:1::7, fd00::/8")


@pytest.mark.parametrize("address", ["10.0.0.7", "::ffff:10.0.0.7", "2001:db8:0:1::7", "fd00:1::2"])
def test_a_proxy_is_known_by_its_own_address(address: str) -> None:
    assert PROXIES.by_source(address) == ()


@pytest.mark.parametrize("address", ["10.0.0.8", "2001:db8:0:1::8", ""])
def test_who_shares_a_prefix_with_a_proxy_is_none(address: str) -> None:
    assert PROXIES.by_source(address)


def test_a_network_of_ipv6_has_so_many_connections_in_all() -> None:
    kept = Connections(Limits(total=100, per_address=2, per_network=6))

    def enter(address: str) -> Mock:
        newcomer = Mock(sources=kept.limits.by_source(address), is_waiting=True)
        kept.enter(newcomer, Mock())
        return newcomer

    visitor = enter("2001:db8:7::1")
    many = [enter(f"2001:db8:1:{number}::1") for number in range(8)]
    assert [newcomer.drop.called for newcomer in many] == [True] * 2 + [False] * 6
    same = [enter("2001:db8:2:1::1") for _ in range(3)]
    assert [newcomer.drop.called for newcomer in same] == [True, False, False]
    enter("192.0.2.1")  # IPv4 has no second limit
    assert not visitor.drop.called
    for newcomer in list(kept._all):
        kept.leave(newcomer)
    assert not kept._by_source


@pytest.mark.parametrize("sent", [b"", HEAD, BODY])
def test_a_client_that_sends_too_slowly_is_waited_for_no_longer(
    serve: Serve, app: App, sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "PATIENCE", 0.0)
    monkeypatch.setattr(connections, "LOOK_INTERVAL", 0.01)
    with connect(serve(Limits()), sent) as slow:
        assert has_ended(slow)
    assert sent != BODY or app.left.wait(60), "the route was not told"


def test_a_client_that_does_not_take_its_answer_is_waited_for_no_longer(
    serve: Serve, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "TAKING_PATIENCE", 0.0)
    monkeypatch.setattr(connections, "LOOK_INTERVAL", 0.01)
    port = serve(Limits())
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.settimeout(60)
        slow.connect(("127.0.0.1", port))
        slow.sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert slow.recv(12) == b"HTTP/1.1 200"
        # It takes no more, and the route that waits to send the rest goes on.
        assert app.is_done_with_large.wait(60)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The instant that connections go by: the only item."""
    at = [1000.0]
    monkeypatch.setattr(connections, "monotonic", lambda: at[0])
    return at


def receiving() -> Any:
    """A connection of a client that has sent a head, and is to send a long body."""
    made: Any = Connections(Limits())(
        config=uvicorn.Config(App(), log_config=None, h11_max_incomplete_event_size=2**20),
        server_state=uvicorn.server.ServerState(),
        app_state={},
        _loop=Mock(),
    )
    transport = Mock()
    transport.is_closing.return_value = False
    transport.get_extra_info.return_value = None
    made.connection_made(transport)
    made.data_received(HEAD)  # without its end
    return made


@pytest.mark.usefixtures("clock")
def test_a_client_that_sends_nothing_is_waited_for_so_long() -> None:
    made = receiving()
    assert not made.is_late(1000 + connections.PATIENCE)
    assert made.is_late(1000 + connections.PATIENCE + 1)


def test_a_client_that_sends_steadily_is_waited_for(clock: list[float]) -> None:
    made = receiving()
    for _ in range(100):
        clock[0] += 1.0
        assert not made.is_late(clock[0])
        made.data_received(b"x" * connections.SLOWEST)
    assert made.is_late(clock[0] + connections.PATIENCE + 1)


def test_what_came_fast_buys_no_long_silence(clock: list[float]) -> None:
    made = receiving()
    made.data_received(b"x" * 999_999)
    assert not made.is_late(clock[0] + connections.SILENCE)
    assert made.is_late(clock[0] + connections.SILENCE + 1)


def test_a_byte_now_and_then_is_no_sending(clock: list[float]) -> None:
    made = receiving()
    made.data_received(b"x" * 500_000)
    for _ in range(2):
        clock[0] += connections.SILENCE / 2 - 1
        made.data_received(b"x")
    assert made.is_late(clock[0] + 3)


def test_what_is_no_http_is_a_line_without_warning(
    serve: Serve, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # uvicorn's own configuration of logs, where another test started one, keeps them from the root.
    monkeypatch.setattr(logging.getLogger("uvicorn"), "propagate", True)
    monkeypatch.setattr(logging.getLogger("uvicorn.error"), "propagate", True)
    caplog.set_level(logging.INFO, "uvicorn.error")
    with connect(serve(Limits()), b"\x16\x03\x01 no HTTP\r\n\r\n") as client:
        assert client.recv(12) == b"HTTP/1.1 400"
        assert b"".join(iter(lambda: client.recv(65536), b""))
    levels = {record.levelno for record in caplog.records if "Invalid HTTP" in record.getMessage()}
    assert levels == {logging.INFO}
