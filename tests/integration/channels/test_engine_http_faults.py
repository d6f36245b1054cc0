"""Any fault between the HTTP client and its engine raises the same error: the engine is unavailable."""

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
ClientFactory = Callable[..., HttpEngine]
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


@pytest.fixture(scope="module")
def client(make_httpserver: HTTPServer) -> Iterator[HttpEngine]:
    """A client of the server of this process. One for all: it takes longer to create than to answer."""
    client = HttpEngine(make_httpserver.url_for(""), "a secret")
    yield client
    client.close()


@pytest.fixture
def make_client() -> Iterator[ClientFactory]:
    """A function that creates clients, which are closed at the end."""
    with ExitStack() as stack:

        def client(address: str, read_timeout: float = 30.0) -> HttpEngine:
            engine = HttpEngine(address, "a secret", read_timeout=read_timeout)
            stack.callback(engine.close)
            return engine

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
def test_an_invalid_response_makes_the_engine_unavailable(
    httpserver: HTTPServer, status: int, body: str, call: Call, client: HttpEngine
) -> None:
    httpserver.expect_request("").respond_with_data(body, status, content_type="application/json")
    httpserver.expect_request("/recommend").respond_with_data(body, status, content_type="application/json")
    with pytest.raises(UnavailableError):
        call(client)


def test_an_error_of_the_engine_keeps_its_values_and_field(
    httpserver: HTTPServer, client: HttpEngine
) -> None:
    content = {"code": "bad-input", "message": "%(most)s at most", "values": {"most": 3}, "field": "text"}
    httpserver.expect_request("/recommend").respond_with_data(json.dumps(content), 422)
    with pytest.raises(BadInputError, match="3 at most") as caught:
        client.recommend(Profile(), 5)
    assert caught.value.field == "text"


@contextmanager
def serve_once(behave: Callable[[socket.socket], object]) -> Iterator[str]:
    """The URL of a server that calls `behave` with its first connection, then closes it."""
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


HALF_RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"


@pytest.mark.parametrize("response_bytes", [b"", b"HTTP/1.1 2", HALF_RESPONSE, b"\0\xff garbage\r\n\r\n"])
def test_an_engine_that_dies_during_a_response_is_unavailable(
    response_bytes: bytes, call: Call, make_client: ClientFactory
) -> None:
    with (
        serve_once(lambda connection: connection.sendall(response_bytes)) as address,
        pytest.raises(UnavailableError),
    ):
        call(make_client(address))


@pytest.mark.parametrize("response_bytes", [b"", HALF_RESPONSE])
def test_an_engine_that_hangs_is_unavailable(
    response_bytes: bytes, call: Call, make_client: ClientFactory
) -> None:
    client_gave_up = threading.Event()

    def hang(connection: socket.socket) -> None:
        connection.sendall(response_bytes)
        assert client_gave_up.wait(20), "the client should have given up"

    with serve_once(hang) as address:
        with pytest.raises(UnavailableError):
            # Calls that index wait 20 times as long.
            call(make_client(address, read_timeout=0.02))
        client_gave_up.set()


def test_an_engine_at_a_closed_port_is_unavailable(call: Call, make_client: ClientFactory) -> None:
    with pytest.raises(UnavailableError):
        call(make_client("http://127.0.0.1:1"))
