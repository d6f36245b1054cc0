"""The drills of `bench` in miniature: what they measure is what they say, and the goals hold in process."""

import socket
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from uuid import uuid4

import pytest
from bench.drills import (
    ADDRESSES,
    PERSONAL,
    Send,
    add_person,
    ask_for_codes,
    locked_people,
    report_offer,
    visit,
    visit_all,
)
from fastapi import FastAPI
from fastapi.testclient import TestClient
from house_factory import House
from people_factory import code_of
from sqlalchemy import delete
from trust_factory import HONEST, SOURCE, id_of, ingest_drafts

from oim.channels.http.services import Services
from oim.features.access import Actor, Role
from oim.features.opportunities.models import OpportunityRow
from oim.features.people import Channel, Contact
from oim.features.sign_in import Sessions, SignInServices
from oim.kit import circuit_breaker
from oim.kit.cache import Cache
from oim.kit.db import Database
from oim.kit.rate_limits import RateLimiter

Site = tuple[Send, Database]


@pytest.fixture
def site(
    house: House, serve: Callable[[Services], FastAPI], postgres: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Site]:
    """What sends requests to the whole site, whose connections wait a moment for a lock, and its database."""
    monkeypatch.setattr("bench.drills.PAUSE", 0)
    database = Database(postgres + "&options=-c%20lock_timeout%3D50ms", house.database.vault)
    app = serve(Services(database, house.engine, house.sign_in, house.blobs))
    with house.sign_in.cache.commands() as valkey:
        valkey.flushall()

    def send(
        method: str, path: str, body: Mapping[str, str] | None = None, **headers: str
    ) -> tuple[int, bytes]:
        address = headers.get("X-Forwarded-For", "192.0.2.1")
        client = TestClient(app, "https://testserver", raise_server_exceptions=False, client=(address, 1))
        answer = client.request(method, path, json=body, headers=headers)
        return answer.status_code, answer.content

    yield send, database
    database.close()


def test_a_lock_on_everybody_refuses_what_is_personal_alone(house: House, site: Site, postgres: str) -> None:
    send, database = site
    token = add_person(database, house.sign_in, Contact(Channel.SMS, f"+23767{uuid4().int % 10**7:07}"))
    bearer = {"Authorization": f"Bearer {token}"}
    assert set(visit(send, PERSONAL, 0, **bearer).statuses) == {200}
    with locked_people(postgres):
        assert set(visit(send, PERSONAL, 0, **bearer).statuses) == {503}
        described = visit_all(send, 0, token)
    assert described.count("1 x 200") == 3
    assert described.count("1 x 503") == 1
    assert set(visit(send, PERSONAL, 0, **bearer).statuses) == {200}


def test_a_frozen_valkey_costs_pages_one_time_out(
    house: House, serve: Callable[[Services], FastAPI], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(circuit_breaker, "monotonic", lambda: 1000.0)  # however long the pages take here
    # Connections to it are made, by the system, and nothing ever answers: as of a process that stands still.
    with socket.create_server(("127.0.0.1", 0)) as frozen:
        cache = Cache(f"redis://127.0.0.1:{frozen.getsockname()[1]}/0", timeout=0.05)
        sign_in = SignInServices(cache, RateLimiter(cache), Sessions(cache))
        services = Services(house.database, house.engine, sign_in, house.blobs)
        client = TestClient(serve(services), "https://testserver")
        for path in ("/fr/", "/fr/opportunities?words=couture", "/v1/opportunities?words=couture", "/en/"):
            assert client.get(path).status_code == 200
        frozen.setblocking(False)
        assert len(list(iter(partial(_accept, frozen), None))) == 1, "all but the first failed at once"
        cache.close()


def _accept(server: socket.socket) -> bool | None:
    """Take one connection from the queue; None where there is none."""
    try:
        server.accept()[0].close()
    except BlockingIOError:
        return None
    return True


def test_three_sybils_leave_the_offer_and_alert_staff(house: House, site: Site) -> None:
    ingest_drafts(house.database, HONEST)
    staff = house.sign_in.sessions.open(Actor(Role.CASE_WORKER, uuid4()))
    described = report_offer(site[0], id_of(HONEST), staff)
    assert described.startswith("three reports [201, 201, 201], the offer then: 200")
    assert "'raised'" in described
    with house.database.write() as session:
        session.execute(delete(OpportunityRow).where(OpportunityRow.source == SOURCE))


def test_ten_addresses_do_not_shut_an_owner_out(house: House, site: Site) -> None:
    send, database = site
    contact = Contact(Channel.SMS, f"+23767{uuid4().int % 10**7:07}")
    described = ask_for_codes(send, house.sign_in, database.vault, contact)
    assert described.endswith("the owner's known device: 202")
    assert "429" in described, f"{len(ADDRESSES)} addresses are refused"
    assert code_of(house.database)
