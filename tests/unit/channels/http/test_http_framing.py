"""A request that says in two ways how long it is gets 400, and its connection ends."""

import socket
import threading

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from oim.channels.http.connections import Connections, Limits
from oim.channels.http.framing import FramingGuard

HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
NEXT = b"GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    await PlainTextResponse(f"{scope['path']} {len(body)}\n")(scope, receive, send)


def send_raw(request: bytes) -> bytes:
    """Send bytes to a server of ours by a connection of their own; return all that it answers."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        FramingGuard(app),
        log_config=None,
        access_log=False,
        lifespan="off",
        http=Connections(Limits()),  # type: ignore[arg-type]
        ws="none",
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        with socket.create_connection(listener.getsockname(), 20) as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))
    finally:
        server.force_exit = server.should_exit = True
        thread.join()


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: 5\r\n" + CHUNKED,
        CHUNKED + b"Content-Length: 5\r\n",
        b"content-length: 0\r\n" + CHUNKED,
    ],
)
def test_a_request_with_two_lengths_is_refused_and_nothing_after_it_is_read(headers: bytes) -> None:
    answer = send_raw(HEAD + headers + b"\r\n0\r\n\r\n" + NEXT)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"connection: close" in answer.lower()
    assert b"content-security-policy" in answer.lower()
    french, english = answer.decode().strip().splitlines()[-2:]
    assert french.startswith("La requête dit de deux façons")
    assert english.startswith("The request mixes two ways")
    assert b"smuggled" not in answer


@pytest.mark.parametrize(
    "request_", [HEAD + CHUNKED + b"\r\n3\r\nabc\r\n0\r\n\r\n", HEAD + b"Content-Length: 3\r\n\r\nabc"]
)
def test_a_request_with_one_length_is_answered(request_: bytes) -> None:
    answer = send_raw(request_ + NEXT)
    assert b"/ 3\n" in answer
    assert b"/smuggled 0\n" in answer
