"""The REST API and the pages over a real PostgreSQL, Valkey and engine, with some of the sample offers."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from embedder_factory import HashingEmbedder
from fastapi import FastAPI
from fastapi.testclient import TestClient
from house_factory import House
from route_list import api_description
from site_factory import replace_services
from sqlalchemy import delete
from starlette.types import ASGIApp
from superuser_factory import Tamper

from oim.adapters.blob_folder import FolderBlobs
from oim.adapters.qdrant_edge import EdgeIndexes
from oim.channels import web as pages
from oim.channels.http.services import Services
from oim.channels.rest import create_app
from oim.channels.web.security import SESSION_COOKIE
from oim.features.access import Actor, Role
from oim.features.ingestion import ingest_offers, sample_drafts
from oim.features.matching.service import LocalEngine
from oim.features.opportunities import Draft
from oim.features.sign_in import Sessions, SignInServices
from oim.features.staff import StaffRow
from oim.kit.cache import Cache
from oim.kit.clock import now
from oim.kit.crypto import Vault
from oim.kit.db import Base, Database
from oim.kit.rate_limits import RateLimiter

CLOSED = "closed"  # the external id of the one offer that is no longer open


@pytest.fixture(scope="package")
def house(
    postgres: str, tamper: Tamper, valkey: str, vault: Vault, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    database, cache = Database(postgres, vault), Cache(valkey)
    tamper("TRUNCATE " + ", ".join(Base.metadata.tables) + " RESTART IDENTITY CASCADE")
    drafts = [draft for draft in sample_drafts(now().date()) if isinstance(draft, Draft)][::8]
    drafts += [
        replace(drafts[0], external_id=CLOSED, valid_through=now() - timedelta(days=3)),
        replace(drafts[1], external_id="undated 1", published_at=None),
        replace(drafts[2], external_id="undated 2", published_at=None),
    ]
    ingest_offers(database, drafts, source="sample", origin="sample", format_name="oim")
    engine = LocalEngine(
        database,
        EdgeIndexes(tmp_path_factory.mktemp("index")),
        lambda _: HashingEmbedder(),
        HashingEmbedder.url,
    )
    while engine.index_pending(100):
        pass
    sign_in = SignInServices(cache, RateLimiter(cache), Sessions(cache))
    yield House(database, engine, drafts, sign_in, FolderBlobs(tmp_path_factory.mktemp("blobs")))
    engine.close()
    cache.close()
    database.close()


@pytest.fixture(scope="package")
def portal() -> Iterator[BlockingPortal]:
    """One event loop for the requests of all tests: a client without one starts a loop for each request."""
    with start_blocking_portal() as started:
        yield started


@pytest.fixture(scope="package")
def api_app(house: House) -> FastAPI:
    """The API, made once, as FastAPI builds each of its routes anew; its description is made once for all."""
    app = create_app(Services(house.database, house.engine, house.sign_in, house.blobs))
    app.openapi_schema = api_description()
    return app


@pytest.fixture(scope="package")
def api(api_app: FastAPI, portal: BlockingPortal) -> TestClient:
    client = TestClient(api_app, "https://testserver", raise_server_exceptions=False)
    client.portal = portal
    return client


@pytest.fixture(scope="package")
def web_app(house: House) -> ASGIApp:
    """The pages, made once, as FastAPI builds each of their routes anew."""
    return pages.create_web(Services(house.database, house.engine, house.sign_in, house.blobs))


@pytest.fixture(scope="package")
def web(house: House, web_app: ASGIApp, portal: BlockingPortal) -> Callable[..., TestClient]:
    """Create a client for the pages, signed in as an actor or as a stranger; it follows no redirect."""

    def browser(actor: Actor | None = None) -> TestClient:
        client = TestClient(web_app, base_url="https://testserver", follow_redirects=False)
        client.portal = portal
        client.headers["Sec-Fetch-Site"] = "same-origin"
        if actor:
            client.cookies.set(SESSION_COOKIE, house.sign_in.sessions.open(actor))
        return client

    return browser


@pytest.fixture
def serve(web_app: ASGIApp, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Services], FastAPI]]:
    """A function that creates the whole site over some services, as one process serves it."""
    monkeypatch.setattr("oim.channels.web.app.create_web", lambda _: web_app)
    with ExitStack() as stack:

        def create(services: Services) -> FastAPI:
            app = create_app(services)
            stack.enter_context(replace_services(web_app, services))
            pages.install(app, services)
            return app

        yield create


@pytest.fixture(scope="package")
def token(house: House) -> Callable[[Actor], dict[str, str]]:
    """Create the headers of an API call by an actor who is signed in."""
    return lambda actor: {"Authorization": f"Bearer {house.sign_in.sessions.open(actor)}"}


@pytest.fixture
def delete_agents(house: House) -> Iterator[None]:
    """Delete the agents of partners after a test: all of one partner are written to for each application."""
    yield
    with house.database.write() as session:
        session.execute(delete(StaffRow).where(StaffRow.role == Role.AGENT.value))
