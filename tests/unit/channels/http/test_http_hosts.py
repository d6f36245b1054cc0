"""A site answers to its own names and to IP addresses, and repeats no name that it was called by."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from oim.channels.http.hosts import HostGuard


@pytest.fixture
def client() -> TestClient:
    app = FastAPI()

    @app.get("/fr/offres")
    def show() -> str:
        return "offers"

    app.add_middleware(HostGuard, names=["oim.example", ""])
    return TestClient(app, follow_redirects=False)


@pytest.mark.parametrize(
    "host",
    [
        *("oim.example", "OIM.example:8000", "oim.example.", "localhost:8000", "127.0.0.1:8000"),
        *("192.168.1.7", "[::1]:8000", "[2001:db8::1]"),
    ],
)
def test_own_names_and_addresses_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/fr/offres", headers={"Host": host}).json() == "offers"


@pytest.mark.parametrize(
    "host",
    [
        *(
            "",
            "evil.example",
            "oim.example.evil.example",
            "evil.example#oim.example",
            "oim.example@evil.example",
        ),
        *("xn--oim", "[::1", "127.0.0.1.evil.example", "127.1", "0x7f000001", "localhost.evil.example"),
    ],
)
def test_other_names_are_refused_in_both_languages(client: TestClient, host: str) -> None:
    response = client.get("/fr/offres", headers={"Host": host})
    assert response.status_code == 421
    french, english = response.text.splitlines()
    assert french.startswith("Rien n’est servi sous ce nom.")
    assert english.startswith("Nothing is served under this name.")
    assert "evil" not in response.text


def test_a_redirect_repeats_no_name(client: TestClient) -> None:
    response = client.get("/fr/offres/?page=2", headers={"Host": "192.168.1.7:8000"})
    assert (response.status_code, response.headers["location"]) == (307, "/fr/offres?page=2")
