"""The drills of `bench` in miniature: what they measure is what they say, and the goals hold in process."""

from collections.abc import Callable, Iterator, Mapping
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
from oim.kit.db import Database

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
