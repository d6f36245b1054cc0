"""Our own services are called directly: no proxy, certificate file or netrc of the environment has a say."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from oim.adapters.engine_http import HttpEngine
from oim.adapters.ollama import Ollama
from oim.adapters.qdrant_server import connect

PROXY_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
HEALTH = {"offers": 3, "waiting": 0, "embedder": "x", "index": "x"}


@pytest.fixture
def proxy() -> Iterator[HTTPServer]:
    """A proxy that the environment names; it answers nothing well."""
    with HTTPServer(host="127.0.0.1") as server:
        yield server


@pytest.fixture
def service(
    httpserver: HTTPServer, proxy: HTTPServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> HTTPServer:
    """A service of ours, in surroundings that would send its callers elsewhere."""
    for name in PROXY_VARIABLES:
        for spelling in (name, name.lower()):
            monkeypatch.setenv(spelling, f"http://127.0.0.1:{proxy.port}")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    # A file that is not there would keep a client from being made, even for plain HTTP.
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password elsewhere\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    return httpserver


def _ask_engine(url: str) -> None:
    HttpEngine(url, "a secret").find_by_words("couture", 5)


def _ask_ollama(url: str) -> None:
    assert Ollama(f"ollama+{url}/model").dimension == 2


def _ask_qdrant(url: str) -> None:
    assert connect(url, None).current() is None


@pytest.mark.parametrize("ask", [_ask_engine, _ask_ollama, _ask_qdrant])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_service_of_ours_is_called_without_the_proxy(
    service: HTTPServer, proxy: HTTPServer, ask: Callable[[str], None], host: str
) -> None:
    service.expect_request("/find").respond_with_json({"ids": []})
    service.expect_request("/api/embed").respond_with_json({"embeddings": [[3.0, 4.0]]})
    service.expect_request("/aliases").respond_with_json(
        {"result": {"aliases": []}, "status": "ok", "time": 0}
    )
    ask(f"http://{host}:{service.port}")
    assert len(service.log) == 1
    assert proxy.log == []
    assert "Basic" not in service.log[0][0].headers.get("Authorization", "")
