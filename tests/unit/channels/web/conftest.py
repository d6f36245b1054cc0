"""The pages over stand-ins, installed in an application that has one route of the API."""

from pathlib import Path

import pytest
from fastapi import FastAPI
from people_factory import new_vault
from starlette.testclient import TestClient
from web_stand_ins import Browser, EmptyDatabase, NoSessions, OffersInMemory, StubEngine

from oim.channels.http.services import Services
from oim.channels.web import install
from oim.features import opportunities


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch) -> OffersInMemory:
    """The offers that the pages show, in place of those in a database."""
    offers = OffersInMemory()
    for function in ("get", "get_many", "list_newest"):
        monkeypatch.setattr(opportunities, function, getattr(offers, function))
    return offers


@pytest.fixture
def engine() -> StubEngine:
    return StubEngine()


@pytest.fixture
def client(catalogue: OffersInMemory, engine: StubEngine, tmp_path: Path) -> TestClient:
    app = FastAPI()

    @app.get("/v1/thing")
    def thing() -> dict[str, str]:
        return {"is": "the API"}

    database = EmptyDatabase(new_vault(tmp_path))
    install(app, Services(database, engine, NoSessions(), None))
    return TestClient(app, "https://testserver", raise_server_exceptions=False)


@pytest.fixture
def browser(client: TestClient) -> Browser:
    return Browser(client)
