"""Coming back without the PIN by pages and API: the same words whoever is there, and the word of a helper."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from house_factory import House
from people_factory import add_case_worker, add_known, age_contacts, code_of, person
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from oim.channels.web.security import SESSION_COOKIE
from oim.features import people
from oim.features.access import give_mandate
from oim.features.people import Channel, Contact
from oim.features.sign_in import find_pin_request

Browser = Callable[..., TestClient]
NEW = {"name": "Awa Ngono", "pin": "7391", "pin_again": "7391"}


@pytest.fixture
def contact(house: House) -> Contact:
    """A number of its own for each test."""
    return Contact(Channel.SMS, f"+23767{uuid4().int % 10**7:07}")


@pytest.fixture
def awa(house: House, contact: Contact) -> UUID:
    return add_known(house.database, contact, "Awa Ngono")


def prove(house: House, browser: TestClient, contact: Contact) -> None:
    assert browser.post("/fr/sign-in", data={"contact": contact.value}).status_code == 303
    assert browser.post("/fr/sign-in/code", data={"code": code_of(house.database)}).status_code == 303


def is_asked(house: House, awa: UUID) -> bool:
    with house.database.write() as session:
        return find_pin_request(session, person(awa), awa) is not None


def test_the_page_after_asking_is_the_same_for_a_name_that_nobody_has(
    house: House, web: Browser, contact: Contact, awa: UUID
) -> None:
    browser = web()
    prove(house, browser, contact)
    assert "/fr/sign-in/forgotten" in browser.get("/fr/sign-in/who").text
    pages = [
        browser.post("/fr/sign-in/forgotten", data={**NEW, "name": name}) for name in ("Nobody", "Ngono Awa")
    ]
    # The first answer moved on to the next step, so the second has no ticket any more.
    assert [page.status_code for page in pages] == [200, 401]
    prove(house, browser, contact)
    again = browser.post("/fr/sign-in/forgotten", data={**NEW, "name": "Ngono Awa"})
    assert again.status_code == 200
    assert len(again.text) == len(pages[0].text)
    assert is_asked(house, awa)


def test_a_second_contact_lets_in_at_once(house: House, web: Browser, contact: Contact, awa: UUID) -> None:
    own = Contact(Channel.EMAIL, f"{uuid4().hex}@example.org")
    with house.database.write() as session:
        people.add_contact(session, person(awa), awa, own)
    browser = web()
    prove(house, browser, contact)
    browser.post("/fr/sign-in/forgotten", data=NEW)
    assert browser.post("/fr/sign-in/forgotten/contact", data={"contact": own.value}).status_code == 303
    assert "example.org" in browser.get("/fr/sign-in/forgotten/code").text
    answer = browser.post("/fr/sign-in/forgotten/code", data={"code": code_of(house.database)})
    assert answer.headers["location"] == "/fr/sign-in/who"
    assert browser.post("/fr/sign-in/who", data=NEW).status_code == 303
    assert browser.cookies[SESSION_COOKIE]
    # Whoever confirmed was signed in as nobody, and stands in the trail that its person reads.
    answer = browser.post("/fr/me/data/read", data={"pin": NEW["pin"]})
    assert answer.status_code == 200
    assert "Quelqu’un qui n’était pas connecté" in answer.text


def test_a_mistyped_pin_asks_for_nothing_and_keeps_the_name(
    house: House, web: Browser, contact: Contact, awa: UUID
) -> None:
    browser = web()
    prove(house, browser, contact)
    answer = browser.post("/fr/sign-in/forgotten", data={**NEW, "pin_again": "7392"})
    assert answer.status_code == 400
    assert 'value="Awa Ngono"' in answer.text
    assert "739" not in answer.text
    assert not is_asked(house, awa)
    joined = browser.post("/fr/sign-in/new", data={**NEW, "name": "Zoé", "pin_again": ""})
    assert joined.status_code == 400
    assert browser.post("/fr/sign-in/new", data={**NEW, "name": "Zoé"}).status_code == 303


def test_a_link_is_opened_without_cancelling(web: Browser) -> None:
    for method in ("get", "post"):
        answer = getattr(web(), method)("/fr/pin/whatever")
        assert answer.status_code == 200
        assert "PIN est annulé" not in answer.text
    assert 'action="/fr/pin/whatever"' in web().get("/fr/pin/whatever").text


def test_a_signed_in_session_cancels(
    house: House, api: TestClient, web: Browser, contact: Contact, awa: UUID
) -> None:
    browser, mine = web(), web(person(awa))
    assert "pin-request/cancel" not in mine.get("/fr/me").text
    prove(house, browser, contact)
    browser.post("/fr/sign-in/forgotten", data=NEW)
    for path in ("/fr/me", "/fr/me/account"):
        assert "/fr/me/account/pin-request/cancel" in mine.get(path).text
    assert mine.post("/fr/me/account/pin-request/cancel").status_code == 303
    assert not is_asked(house, awa)


def test_a_case_worker_confirms_on_the_sheet(house: House, web: Browser, contact: Contact, awa: UUID) -> None:
    worker = add_case_worker(house.database)
    with house.database.write() as session:
        give_mandate(session, person(awa), awa, worker.id or UUID(int=0))
    browser, desk = web(), web(worker)
    prove(house, browser, contact)
    asked = browser.post("/fr/sign-in/forgotten", data=NEW).text
    number = re.search(r"<strong>(\d{3} \d{3})</strong>", asked)
    assert number
    assert f"/fr/staff/people/{awa}/pin" in desk.get(f"/fr/staff/people/{awa}").text
    refused = desk.post(f"/fr/staff/people/{awa}/pin", data={"number": "12"})
    assert (refused.status_code, 'aria-invalid="true"' in refused.text) == (400, True)
    assert desk.post(f"/fr/staff/people/{awa}/pin", data={"number": number[1]}).status_code == 303
    prove(house, browser, contact)
    assert browser.post("/fr/sign-in/who", data=NEW).status_code == 303


def test_the_api_asks_confirms_and_signs_in(
    house: House, api: TestClient, contact: Contact, awa: UUID
) -> None:
    own = Contact(Channel.EMAIL, f"{uuid4().hex}@example.org")
    with house.database.write() as session:
        people.add_contact(session, person(awa), awa, own)
    asked = api.post("/v1/pin-requests", json={"ticket": ticket(house, api, contact), **names("7391")})
    assert asked.status_code == 202
    assert re.fullmatch(r"\d{6}", asked.json()["number"])
    second = ticket(house, api, own)
    body = {"claim": asked.json()["claim"], "ticket": second}
    assert api.post("/v1/pin-requests/confirmations", json={**body, "claim": "none"}).status_code == 422
    assert api.post("/v1/pin-requests/confirmations", json=body).status_code == 204
    session = api.post("/v1/sessions", json={"ticket": second, **names("7391")})
    assert session.status_code == 201
    headers = {"Authorization": f"Bearer {session.json()['token']}"}
    assert api.delete("/v1/me/pin-request", headers=headers).status_code == 204


def names(pin: str) -> dict[str, str]:
    return {"name": "Ngono Awa", "pin": pin}


def ticket(house: House, api: TestClient, contact: Contact) -> str:
    challenge = api.post("/v1/sign-in/codes", json={"contact": contact.value}).json()["challenge"]
    body = {"challenge": challenge, "code": code_of(house.database)}
    proof: str = api.post("/v1/sign-in/tickets", json=body).json()["ticket"]
    return proof


def test_after_the_code_of_a_second_contact_the_page_says_that_the_new_pin_serves(
    house: House, web: Browser, contact: Contact
) -> None:
    awa, browser = add_known(house.database, contact, "Awa Ngono"), web()
    second = Contact(Channel.SMS, f"+23769{uuid4().int % 10**7:07}")
    with house.database.write() as session:
        people.add_contact(session, person(awa), awa, second)
    age_contacts(house.database, timedelta(days=90))
    prove(house, browser, contact)
    assert browser.post("/fr/sign-in/forgotten", data=NEW).status_code == 200
    browser.post("/fr/sign-in/forgotten/contact", data={"contact": second.value})
    done = browser.post("/fr/sign-in/forgotten/code", data={"code": code_of(house.database)})
    said = "votre nouveau PIN secret sert dès maintenant"
    assert said in browser.get(done.headers["location"]).text
    assert said not in browser.get(done.headers["location"]).text, "once"
    assert browser.post("/fr/sign-in/who", data={"name": "Awa Ngono", "pin": "7391"}).status_code == 303


JOIN = {"pin": "7391", "pin_again": "7391", "consent": ["matching"], "stay": "yes", "next": "/fr/me/saved"}


@pytest.mark.parametrize("pin", ["7391", "8204"])
@pytest.mark.parametrize("name", ["Awa Ngono", "Paul Biya Essomba"])
def test_who_joins_while_another_joins_by_the_same_contact_lands_on_signing_in(
    house: House, web: Browser, contact: Contact, name: str, pin: str
) -> None:
    first, second = web(), web()
    prove(house, first, contact)
    prove(house, second, contact)
    assert first.post("/fr/sign-in/new", data={**JOIN, "name": "Awa Ngono"}).status_code == 303
    mine = {**JOIN, "name": name, "pin": pin, "pin_again": pin}
    answer = second.post("/fr/sign-in/new", data=mine)
    page = HTMLParser(answer.text)
    assert (answer.status_code, page.css_first("h1").text()) == (409, "Qui êtes-vous\u00a0?")
    assert "Un compte vient d’être créé avec ce contact" in page.css_first("[role=alert]").text()
    assert page.css_first("#name").attributes["value"] == name
    assert pin not in answer.text
    # Whose account it is signs in; somebody else joins all the same, with what they typed.
    [again] = page.css("form[action$='typed=yes']")
    fields: dict[str, list[str]] = {}
    for field in again.css("input"):
        fields.setdefault(field.attributes["name"] or "", []).append(field.attributes["value"] or "")
    form = HTMLParser(second.post(again.attributes["action"] or "", data=fields).text).css_first(
        "#typed-form"
    )
    assert form.css_first("#name").attributes["value"] == name
    assert [box.attributes["value"] for box in form.css("input[checked]")] == ["matching", "yes"]
    assert form.css_first("[name=other]") is not None
    if (name, pin) == ("Awa Ngono", "7391"):
        entered = second.post("/fr/sign-in/who", data={"name": name, "pin": pin})
    else:
        entered = second.post("/fr/sign-in/new", data={**mine, "other": "yes"})
    assert entered.status_code == 303


def test_who_joins_after_another_is_asked_nothing(house: House, web: Browser, contact: Contact) -> None:
    for name in ("Awa Ngono", "Paul Essomba"):
        browser = web()
        prove(house, browser, contact)
        assert browser.post("/fr/sign-in/new", data={**JOIN, "name": name}).status_code == 303


def test_a_program_may_ask_not_to_join_beside_another(
    house: House, api: TestClient, contact: Contact
) -> None:
    def obtain_ticket() -> str:
        sent = api.post("/v1/sign-in/codes", json={"contact": contact.value}).json()["challenge"]
        body = {"challenge": sent, "code": code_of(house.database)}
        return str(api.post("/v1/sign-in/tickets", json=body).json()["ticket"])

    tickets = [obtain_ticket(), obtain_ticket()]
    mine = {"name": "Awa", "pin": "7391", "only_if_first": True}
    assert api.post("/v1/people", json={**mine, "ticket": tickets[0]}).status_code == 201
    refused = api.post("/v1/people", json={**mine, "name": "Paul", "ticket": tickets[1]})
    assert (refused.status_code, refused.json()["type"].rsplit(":")[-1]) == (409, "joined-meanwhile")
    beside = {**mine, "name": "Paul", "ticket": tickets[1], "only_if_first": False}
    assert api.post("/v1/people", json=beside).status_code == 201


@pytest.mark.parametrize("path", ["new", "forgotten"])
def test_an_empty_form_names_all_that_is_missing(
    house: House, web: Browser, contact: Contact, path: str
) -> None:
    browser = web()
    prove(house, browser, contact)
    page = HTMLParser(browser.post(f"/fr/sign-in/{path}", data={}).text)
    assert [link.attributes["href"] for link in page.css(".problems a")] == ["#name", "#pin"]
    page = HTMLParser(browser.post(f"/fr/sign-in/{path}", data={"pin": "7391"}).text)
    assert [link.attributes["href"] for link in page.css(".problems a")] == ["#name", "#pin_again"]
