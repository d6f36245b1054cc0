"""The pages over stand-ins, installed in an application that has one route of the API."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI
from people_factory import new_vault
from site_factory import set_services
from starlette.testclient import TestClient
from web_stand_ins import Browser, EmptyDatabase, NoSessions, OffersInMemory, StubEngine

from oim.channels.http.services import Services
from oim.channels.web import create_web, install
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


@pytest.fixture(scope="package")
def portal() -> Iterator[BlockingPortal]:
    """One event loop for the requests of all tests: a client without one starts a loop for each request."""
    with start_blocking_portal() as started:
        yield started


@pytest.fixture(scope="package")
def pages() -> Any:
    """The pages, made once, as FastAPI builds each route anew; each test sets services of its own."""
    return create_web(cast(Any, None))


@pytest.fixture
def client(
    pages: Any,
    portal: BlockingPortal,
    catalogue: OffersInMemory,
    engine: StubEngine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> TestClient:
    app = FastAPI()

    @app.get("/v1/thing")
    def thing() -> dict[str, str]:
        return {"is": "the API"}

    services = Services(EmptyDatabase(new_vault(tmp_path)), engine, NoSessions(), None)
    set_services(pages, services)
    monkeypatch.setattr("oim.channels.web.app.create_web", lambda _: pages)
    install(app, services)
    client = TestClient(app, "https://testserver", raise_server_exceptions=False)
    client.portal = portal
    return client


@pytest.fixture
def browser(client: TestClient) -> Browser:
    return Browser(client)
