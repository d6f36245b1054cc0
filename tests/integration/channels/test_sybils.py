"""A drill: sybils report an offer by the API and the pages. Readers and staff read it; the offer stays."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from house_factory import House
from people_factory import add_known, age_contacts, person
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from sqlalchemy import delete
from starlette.types import ASGIApp
from trust_factory import HONEST, SOURCE, id_of, ingest_drafts

from oim.features.access import Actor, Role
from oim.features.opportunities.models import OpportunityRow
from oim.features.people import parse_contact
from oim.features.trust.reporters import PROOF_AGE
from oim.kit.db import Database

OFFER = f"/v1/opportunities/{id_of(HONEST)}"
THREE_ADDRESSES = ("198.51.100.7", "203.0.113.9", "192.0.2.4")
ONE_NETWORK = ("2001:db8:1:1::1", "2001:db8:1:2::1", "2001:db8:1:3::1")
CAUTION = {"fr": "Des personnes ont signalé cette offre", "en": "People have reported this offer"}
WORKER = Actor(Role.CASE_WORKER, uuid4())
Token = Callable[[Actor], dict[str, str]]


@pytest.fixture(autouse=True)
def database(house: House) -> Iterator[Database]:
    with house.sign_in.cache.commands() as valkey:
        valkey.flushall()
    ingest_drafts(house.database, HONEST)
    yield house.database
    with house.database.write() as session:
        session.execute(delete(OpportunityRow).where(OpportunityRow.source == SOURCE))


@pytest.fixture
def api_from(api_app: FastAPI) -> Callable[[str], TestClient]:
    """Create a client of the API that calls from an address."""
    return lambda address: TestClient(api_app, "https://testserver", client=(address, 1))


def report(client: TestClient, **headers: str) -> int:
    return client.post(f"{OFFER}/reports", json={"reason": "not_real"}, headers=headers).status_code


def read_warnings(client: TestClient, language: str = "fr") -> list[str]:
    answer = client.get(OFFER, headers={"Accept-Language": language})
    assert answer.status_code == 200, "the offer stays"
    return [warning["text"] for warning in answer.json()["warnings"]]


def test_three_sybils_of_three_addresses_caution_readers_and_alert_staff(
    api_from: Callable[[str], TestClient], web: Callable[..., TestClient], token: Token
) -> None:
    for address in THREE_ADDRESSES:
        assert report(api_from(address)) == 201
    api = api_from("192.0.2.200")
    for language, words in CAUTION.items():
        assert [text.startswith(words) for text in read_warnings(api, language)] == [True]
        page = web().get(f"/{language}/opportunities/{id_of(HONEST)}")
        assert page.status_code == 200
        assert words in page.text
    queue = api.get("/v1/staff/review", headers=token(WORKER)).json()
    assert queue["items"][0]["opportunity"]["id"] == str(id_of(HONEST))
    assert [(alert["code"], alert["count"]) for alert in queue["alerts"]] == [("raised", 1)]
    for path in ("/fr/staff", "/fr/staff/review"):
        page = HTMLParser(web(WORKER).get(path).text)
        notice = page.css_first(".notice").text()
        assert "1 offre est signalée par plusieurs personnes et encore visible" in notice
    assert ".notice" not in web(Actor(Role.ANALYST, uuid4())).get("/fr/staff").text


def test_addresses_of_one_network_are_one_voice(api_from: Callable[[str], TestClient], token: Token) -> None:
    for address in ONE_NETWORK:
        assert report(api_from(address)) == 201
    assert read_warnings(api_from("192.0.2.4")) == []
    queue = api_from("192.0.2.4").get("/v1/staff/review", headers=token(WORKER)).json()
    assert [entry["count"] for entry in queue["items"][0]["reports"]] == [3], "staff read them all"
    assert queue["alerts"] == []


def test_two_names_of_one_mailbox_are_one_voice_however_old(
    api_from: Callable[[str], TestClient], database: Database, token: Token
) -> None:
    sybils = [add_known(database, parse_contact(f"awa+{number}@gmail.com")) for number in (1, 2)]
    age_contacts(database, PROOF_AGE)
    for sybil in sybils:
        assert report(api_from("192.0.2.4"), **token(person(sybil))) == 201
    assert len(read_warnings(api_from("192.0.2.4"))) == 1


def test_pages_count_by_network_too(web_app: ASGIApp) -> None:
    path = f"/fr/opportunities/{id_of(HONEST)}"
    for address in (*THREE_ADDRESSES, *ONE_NETWORK):
        client = TestClient(web_app, "https://testserver", follow_redirects=False, client=(address, 1))
        client.headers["Sec-Fetch-Site"] = "same-origin"
        assert client.post(f"{path}/report", data={"reason": "not_real"}).status_code == 303
    assert client.get(path).status_code == 200
