"""New connections cost little until a request has come; who has sent one is answered, whoever else comes."""

import errno
import socket
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from oim.apps.http_server import Server
from oim.channels.http import connections, listener
from oim.channels.http.connections import Connections, Limits
from oim.channels.http.listener import WAITED_BYTES, Listener, is_request

HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
REQUEST = HEAD + b"Connection: close\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 5\r\n\r\n"
SLOW = (b"", HEAD, POST + b"abc")
Serve = Callable[..., Server]


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    await PlainTextResponse(b"here" + body)(scope, receive, send)


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0), backlog=128) as bound:
        yield bound


@pytest.fixture
def beat() -> threading.Event:
    """Set once the server has said that its event loop goes round."""
    return threading.Event()


@pytest.fixture
def serve(listening: socket.socket, beat: threading.Event) -> Iterator[Serve]:
    """Begin to serve by the socket, at which clients may wait already."""
    running: list[tuple[Server, threading.Thread]] = []

    def start(limits: Limits) -> Server:
        options: dict[str, Any] = {"http": Connections(limits), "ws": "none", "lifespan": "off"}
        config = uvicorn.Config(app, log_config=None, access_log=False, **options)
        server = Server(config, beat.set)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        running.append((server, thread))
        return server

    yield start
    for server, thread in running:
        server.force_exit = server.should_exit = True
        thread.join()


def connect(listening: socket.socket, sent: bytes) -> socket.socket:
    client = socket.create_connection(listening.getsockname(), timeout=60)
    client.sendall(sent)
    return client


def read_all(client: socket.socket) -> bytes:
    with client:
        return b"".join(iter(lambda: client.recv(65536), b""))


def has_ended(client: socket.socket) -> bool:
    try:
        return client.recv(1) == b""
    except ConnectionResetError:
        return True


def test_a_visitor_among_many_slow_clients_is_answered(listening: socket.socket, serve: Serve) -> None:
    # All wait at the door at once, more of them than may stay: nobody has been read yet.
    before = [connect(listening, SLOW[number % 3]) for number in range(20)]
    visitor = connect(listening, REQUEST)
    after = [connect(listening, SLOW[number % 3]) for number in range(40)]
    server = serve(Limits(total=5))
    assert read_all(visitor).endswith(b"here")
    assert read_all(connect(listening, REQUEST)).endswith(b"here")
    # No slow one has had a transport, a parser or the start of an answer made for it.
    assert server.server_state.total_requests == 2
    assert len(server.server_state.connections) <= 2, "the visitors', until their end is noticed"
    assert all(has_ended(client) for client in (before + after)[:55])
    for client in before + after:
        client.close()


def test_a_server_says_again_and_again_that_it_goes_on(serve: Serve, beat: threading.Event) -> None:
    serve(Limits())
    for _ in range(2):
        assert beat.wait(60)
        beat.clear()


def test_those_who_are_still_waited_for_end_with_the_server(listening: socket.socket, serve: Serve) -> None:
    slow = connect(listening, HEAD)
    server = serve(Limits())
    assert read_all(connect(listening, REQUEST)).endswith(b"here")
    server.should_exit = True
    assert has_ended(slow)
    slow.close()


@pytest.mark.parametrize("sent", SLOW)
def test_who_sends_too_slowly_is_waited_for_no_longer(
    listening: socket.socket, serve: Serve, sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "PATIENCE", 0.0)
    monkeypatch.setattr(connections, "SLOWEST", 10**9)
    monkeypatch.setattr(connections, "LOOK_INTERVAL", 0.01)
    serve(Limits())
    with connect(listening, sent) as slow:
        assert has_ended(slow)


def test_a_request_in_pieces_is_answered_whole(listening: socket.socket, serve: Serve) -> None:
    serve(Limits())
    client = connect(listening, POST[:30])
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for piece in (POST[30:], b"ab", b"cde"):
        client.sendall(piece)
    assert read_all(client).endswith(b"hereabcde")


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        (HEAD, False),
        (REQUEST, True),
        (REQUEST.replace(b"\r", b""), True),  # lines may end without it
        (POST, False),
        (POST + b"abcd", False),
        (POST + b"abcde", True),
        (POST.replace(b"Length: 5", b"Length: 99999") + b"x" * WAITED_BYTES, True),
        (POST.replace(b"Connection: close", b"Expect: 100-continue"), True),
        (POST.replace(b"Content-Length: 5", b"Transfer-Encoding: chunked"), True),
        (POST.replace(b"Length: 5", b"Length: five"), True),  # the parser refuses it
        (b"x" * WAITED_BYTES, True),
        (b"\x16\x03\x01", True),  # TLS: there will never be the end of a line
    ],
)
def test_a_request_is_what_a_parser_has_anything_to_do_with(received: bytes, expected: bool) -> None:
    assert is_request(received) is expected


def test_where_no_file_can_be_opened_it_waits_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    full = Mock()
    full.accept.side_effect = [OSError(errno.EMFILE, "Too many open files"), BlockingIOError]
    loop = Mock()
    monkeypatch.setattr(listener, "asyncio", SimpleNamespace(get_running_loop=lambda: loop))
    full.fileno.return_value = 3
    started = Listener(full, Connections(Limits()), Mock())
    started._accept()
    loop.remove_reader.assert_called_once_with(full)
    [(pause, again)] = [call.args for call in loop.call_later.call_args_list]
    again()
    assert pause == listener.PAUSE
    assert loop.add_reader.call_count == 2
    started._accept()  # nobody waits
    assert loop.remove_reader.call_count == 1
