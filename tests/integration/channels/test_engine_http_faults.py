"""Whatever goes wrong between a client and its engine is one error: the engine is away."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from pytest_httpserver import HTTPServer

from oim.adapters.engine_http import HttpEngine
from oim.features.matching.profile import Profile
from oim.kit.clock import now
from oim.kit.errors import BadInputError, UnavailableError

Call = Callable[[HttpEngine], object]
Reach = Callable[..., HttpEngine]
CALLS: dict[str, Call] = {
    "recommend": lambda engine: engine.recommend(Profile(text="couture"), 5),
    "find": lambda engine: engine.find_by_words("couture", 5),
    "index_pending": lambda engine: engine.index_pending(5),
    "swap": lambda engine: engine.swap("x", now()),
    "health": lambda engine: engine.health(),
}


@pytest.fixture(params=sorted(CALLS))
def call(request: pytest.FixtureRequest) -> Call:
    return CALLS[request.param]


@pytest.fixture
def reach() -> Iterator[Reach]:
    """Makes clients, and closes them at the end."""
    with ExitStack() as ends:

        def client(address: str, patience: float = 30.0) -> HttpEngine:
            made = HttpEngine(address, "a secret", read_timeout=patience)
            ends.callback(made.close)
            return made

        yield client


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, "<html>It works</html>"),
        (200, ""),
        (200, "null"),
        (200, "[]"),
        (200, "{}"),
        (200, '{"items": 3, "missing": [], "indexed": "many", "serving": 7, "offers": "x"}'),
        (200, '{"items": [{"id": "x"}], "missing": []}'),
        (200, '{"ids": ["x"]}'),
        (200, "[" * 100_000),
        (204, ""),
        (302, ""),
        (404, '{"detail": "Not Found"}'),
        (422, '{"detail": [{"loc": ["body"], "msg": "x", "type": "missing"}]}'),
        (422, '{"code": "bad-input", "message": "%(most)s at most", "values": {"least": 1}}'),
        (422, '{"code": "bad-input", "message": "100% of it", "values": {"least": 1}}'),
        (422, '{"code": "bad-input", "message": "x", "values": {"message": 1}}'),
        (422, '{"code": "bad-input", "message": "x", "values": [1]}'),
        (404, '{"code": "not-found"}'),
        (500, "Internal Server Error"),
        (502, "[1, 2]"),
        (503, '"away"'),
    ],
)
def test_garbage_is_unavailable(
    httpserver: HTTPServer, status: int, body: str, call: Call, reach: Reach
) -> None:
    httpserver.expect_request("").respond_with_data(body, status, content_type="application/json")
    httpserver.expect_request("/recommend").respond_with_data(body, status, content_type="application/json")
    with pytest.raises(UnavailableError):
        call(reach(httpserver.url_for("")))


def test_an_error_keeps_what_it_names(httpserver: HTTPServer, reach: Reach) -> None:
    told = {"code": "bad-input", "message": "%(most)s at most", "values": {"most": 3}, "field": "text"}
    httpserver.expect_request("/recommend").respond_with_data(json.dumps(told), 422)
    with pytest.raises(BadInputError, match="3 at most") as caught:
        reach(httpserver.url_for("")).recommend(Profile(), 5)
    assert caught.value.field == "text"


@contextmanager
def behaving(behave: Callable[[socket.socket], object]) -> Iterator[str]:
    """The URL of a server that does this with its first connection, then closes it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                behave(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        thread.join()


HALF = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"


@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 2", HALF, b"\0\xff garbage\r\n\r\n"])
def test_an_engine_that_dies_meanwhile_is_unavailable(sent: bytes, call: Call, reach: Reach) -> None:
    with behaving(lambda connection: connection.sendall(sent)) as address, pytest.raises(UnavailableError):
        call(reach(address))


@pytest.mark.parametrize("sent", [b"", HALF])
def test_an_engine_that_hangs_is_unavailable(sent: bytes, call: Call, reach: Reach) -> None:
    given_up = threading.Event()

    def hang(connection: socket.socket) -> None:
        connection.sendall(sent)
        assert given_up.wait(20), "the client should have given up"

    with behaving(hang) as address:
        with pytest.raises(UnavailableError):
            call(reach(address, patience=0.2))
        given_up.set()


def test_an_engine_that_nobody_serves_is_unavailable(call: Call, reach: Reach) -> None:
    with pytest.raises(UnavailableError):
        call(reach("http://127.0.0.1:1"))
