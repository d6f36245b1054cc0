"""The API over stand-ins: an engine without offers, an empty database, and signing in that fails."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI
from fastapi.testclient import TestClient
from people_factory import new_vault
from route_list import api_app
from site_factory import set_services

from oim.channels.http.services import Services
from oim.features.matching.answer import Answer
from oim.features.matching.ports import Health
from oim.features.matching.profile import Profile
from oim.kit.crypto import Vault
from oim.kit.errors import UnavailableError


@dataclass
class StubEngine:
    """An engine that raises `error`, or else answers with no offers; `requests` are the profiles it got."""

    error: Exception | None = None
    requests: list[tuple[Profile, int]] = field(default_factory=list)

    def recommend(
        self,
        profile: Profile,
        limit: int,
        *,
        shown: bool = False,
        known: bool = False,
        words_only: bool = False,
    ) -> Answer:
        assert shown, "a person will see it"
        if self.error:
            raise self.error
        self.requests.append((profile, limit))
        return Answer(items=(), missing=())

    def health(self) -> Health:
        if self.error:
            raise self.error
        return Health("index", "embedder", 0, 0)


class EmptyDatabase:
    """A database without rows; if `is_down`, it does not answer."""

    is_down = False

    def __init__(self, vault: Vault) -> None:
        self.vault = vault

    @contextmanager
    def read(self) -> Iterator[Any]:
        if self.is_down:
            raise UnavailableError("The database does not answer. Try again in a moment.")
        yield self

    read_stale = read

    def ping(self) -> None:
        with self.read():
            pass

    def execute(self, _: object) -> list[Any]:
        return []

    def scalar(self, _: object) -> None:
        return None


class NoSignIn:
    """Nobody is signed in, and nothing can be counted."""

    class sessions:
        @staticmethod
        def find(token: str) -> None:
            return None

    class rate_limiter:
        @staticmethod
        def hit(limits: object) -> None:
            raise UnavailableError("The message store does not answer. Try again in a moment.")

        @staticmethod
        def spend(*_: object) -> None:
            raise UnavailableError("The message store does not answer. Try again in a moment.")


@pytest.fixture
def engine() -> StubEngine:
    return StubEngine()


@pytest.fixture
def database(tmp_path: Path) -> EmptyDatabase:
    return EmptyDatabase(new_vault(tmp_path))


@pytest.fixture(scope="package")
def portal() -> Iterator[BlockingPortal]:
    """One event loop for the requests of all tests: a client without one starts a loop for each request."""
    with start_blocking_portal() as started:
        yield started


@pytest.fixture(scope="package")
def app() -> FastAPI:
    """The API, made once, as FastAPI builds each of its routes anew; each test sets services of its own."""
    return api_app()


@pytest.fixture
def open_api(app: FastAPI, portal: BlockingPortal) -> Callable[[Services], TestClient]:
    """A function that opens a client of the API over some services."""

    def open_with(services: Services) -> TestClient:
        set_services(app, services)
        client = TestClient(app, raise_server_exceptions=False)
        client.portal = portal
        return client

    return open_with


@pytest.fixture
def api(
    database: EmptyDatabase, engine: StubEngine, open_api: Callable[[Services], TestClient]
) -> TestClient:
    services = Services(
        cast(Any, database), cast(Any, engine), cast(Any, NoSignIn()), cast(Any, None), metrics_token="secret"
    )
    return open_api(services)
