"""What was said in a search fills the profile on joining: shown first, chosen, and nothing else changed."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from fastapi.testclient import TestClient
from people_factory import add_people, code_of, person
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from oim.features import profile
from oim.features.access import Actor, Role
from oim.features.opportunities import Kind, Status
from oim.features.profile import Record
from oim.features.sign_in.sessions import STAY_TIMEOUT

Browser = Callable[..., TestClient]
SEARCH = {
    "text": "Je couds depuis 5 ans",
    "kind": ["employment"],
    "region": "CM-OU",
    "town": "Bafoussam",
    "status": ["returnee"],
    "education": "3",
}


def open_results(browser: TestClient) -> HTMLParser:
    address = browser.post("/fr/recommendations", data=SEARCH).headers["location"]
    return HTMLParser(browser.get(address).text)


def link_to(page: HTMLParser, words: str) -> str:
    [link] = [a for a in page.css("main a") if words in a.text()]
    return link.attributes["href"] or ""


def join(house: Any, browser: TestClient, next_: str, **fields: Any) -> str:
    """Join as somebody new, and return where that leads."""
    contact = f"{uuid4().hex[:12]}@example.org"
    browser.post("/fr/sign-in", data={"contact": contact, "next": next_})
    browser.post("/fr/sign-in/code", data={"code": code_of(house.database), "next": next_})
    new = {
        "name": "Awa",
        "pin": "2580",
        "pin_again": "2580",
        "consent": ["matching"],
        "next": next_,
        **fields,
    }
    answer = browser.post("/fr/sign-in/new", data=new)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def record_of(house: Any, actor: Actor) -> Record:
    assert actor.id
    with house.database.write() as session:
        return profile.load_record(session, actor, actor.id)


def actor_of(house: Any, browser: TestClient) -> Actor:
    actor = house.sign_in.sessions.find(browser.cookies["__Host-oim"])
    assert isinstance(actor, Actor)
    return actor


def test_joining_from_the_results_offers_what_was_said_and_takes_nothing(house: Any, web: Browser) -> None:
    browser = web()
    [next_] = parse_qs(urlsplit(link_to(open_results(browser), "M’inscrire")).query)["next"]
    path = join(house, browser, next_)
    assert path == next_
    page = HTMLParser(browser.get(path).text)
    ticked = [box.attributes["value"] for box in page.css("[name=question][checked]")]
    assert ticked == ["wish", "place", "education", "kinds", "situation"]
    actor = actor_of(house, browser)
    assert record_of(house, actor) == Record()
    chosen = [value for value in ticked if value != "situation"]
    assert browser.post(path, data={"question": chosen}).headers["location"] == "/fr/me/profile"
    record = record_of(house, actor)
    assert (record.wish, record.kinds, record.education) == (SEARCH["text"], (Kind.EMPLOYMENT,), 3)
    assert record.region == "CM-OU"
    assert record.commune or record.department
    assert record.statuses == ()


def test_what_only_the_profile_asks_stays(house: Any, web: Browser) -> None:
    [awa] = add_people(house.database)
    stored = Record(diplomas=("CAP couture",), statuses=(Status.DISPLACED,), region="CM-LT")
    with house.database.write() as session:
        profile.update_record(session, person(awa), awa, lambda _: stored)
    browser = web(person(awa))
    path = link_to(open_results(browser), "Mettre ces réponses dans mon profil")
    assert "(aujourd’hui : " in browser.get(path).text.replace("\u00a0", " ")
    browser.post(path, data={"question": ["education", "place"]})
    record = record_of(house, person(awa))
    assert (record.education, record.diplomas, record.region) == (3, ("CAP couture",), "CM-OU")
    assert record.statuses == (Status.DISPLACED,)


def test_another_telephone_gets_nothing_of_the_person_to_keep(house: Any, web: Browser) -> None:
    path = link_to(open_results(web()), "M’inscrire")
    [next_] = parse_qs(urlsplit(path).query)["next"]
    other = web()
    join(house, other, next_)
    page = HTMLParser(other.get(next_).text)
    assert [box.attributes["value"] for box in page.css("[name=question]")] == ["wish", "place", "kinds"]
    assert "Nous n’avons plus une partie" in page.text()


def test_nobody_stays_signed_in_who_did_not_ask(house: Any, web: Browser) -> None:
    browser = web()
    assert not HTMLParser(browser.get("/fr/sign-in/new").text).css("[name=stay][checked]")
    join(house, browser, "")
    [cookie] = [c for c in browser.cookies.jar if c.name == "__Host-oim"]
    assert cookie.expires is None
    assert "Aucun." in browser.get("/fr/me/account").text


def test_a_telephone_that_stays_signed_in_is_listed_and_signed_out(house: Any, web: Browser) -> None:
    browser, other = web(), web()
    join(house, browser, "", stay="yes")
    [cookie] = [c for c in browser.cookies.jar if c.name == "__Host-oim"]
    assert cookie.expires is not None
    actor = actor_of(house, browser)
    other.cookies.set("__Host-oim", house.sign_in.sessions.open(actor))
    forms = HTMLParser(other.get("/fr/me/account").text).css("form[action*=telephones]")
    assert len(forms) == 1
    # A PIN is asked for all the same.
    answer = browser.post("/fr/me/account/name", data={"name": "Ada"})
    assert answer.status_code == 400
    assert other.post(forms[0].attributes["action"]).status_code == 303
    assert browser.get("/fr/me").status_code == 401
    assert other.get("/fr/me").status_code == 200


def test_a_long_session_outlives_half_an_hour_and_ends_after_thirty_days(house: Any) -> None:
    actor, sessions = Actor(Role.PERSON, uuid4()), house.sign_in.sessions
    token = sessions.open(actor, stay=True)
    [long_session] = sessions.list_long(actor.id, token)
    assert long_session.is_current
    key = f"session:{long_session.id}"

    def age(days: float) -> None:
        with house.sign_in.cache.commands() as valkey:
            for name in ("at", "seen"):
                valkey.hincrby(key, name, -int(days * 86_400_000_000))

    age(29)
    assert sessions.find(token) == actor
    age(STAY_TIMEOUT.days - 28)
    assert sessions.find(token) is None


def test_ending_all_ends_long_sessions_and_nobody_ends_anothers(house: Any) -> None:
    actor, other, sessions = Actor(Role.PERSON, uuid4()), Actor(Role.PERSON, uuid4()), house.sign_in.sessions
    token = sessions.open(actor, stay=True)
    [long_session] = sessions.list_long(actor.id, "")
    sessions.end_long(other.id, long_session.id)
    assert sessions.find(token) == actor
    sessions.end_all(actor.id)
    assert (sessions.find(token), sessions.list_long(actor.id, "")) == (None, [])


def test_asking_for_another_code_keeps_where_it_leads(web: Browser) -> None:
    for path in ("sign-in/code", "sign-in/who"):
        page = HTMLParser(web().get(f"/fr/{path}?next=/fr/me/applications").text)
        assert link_to(page, "Demander un autre code").endswith("?next=/fr/me/applications")
