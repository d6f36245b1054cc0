"""Acts that cannot be undone are asked for once more, naming what goes; each says, once, that it was done."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from application_factory import Scene, add_cv, applied, scene
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from oim.channels.web.notices import NOTICE_COOKIE, NOTICES, set_notice
from oim.features.access import Actor, Role
from oim.features.consents import Purpose
from oim.kit.i18n import translator

pytestmark = pytest.mark.usefixtures("delete_agents")

Browser = Callable[..., TestClient]


@pytest.fixture
def scenario(house: Any) -> Scene:
    return scene(house.database)


def read(client: TestClient, path: str) -> HTMLParser:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return HTMLParser(answer.text)


MOVED = translator("fr")(NOTICES["application-moved"])


def notices(page: HTMLParser) -> list[str]:
    return [node.text(strip=True) for node in page.css("main > .notice[role=status]")]


def test_an_application_is_said_to_be_sent_and_its_person_to_be_told(web: Browser, scenario: Scene) -> None:
    person, agent = web(scenario.person), web(scenario.agent)
    sent = person.post(f"/fr/opportunities/{scenario.offer}/apply", data={"letter": "Bonjour"})
    assert notices(read(person, sent.headers["location"])) == ["Votre candidature est envoyée."]
    received = sent.headers["location"].replace("/me/", "/staff/")
    read(agent, received)
    agent.post(received, data={"stage": "interview", "next_step": "other", "words": "Venez."})
    assert notices(read(agent, received)) == [MOVED]
    assert "Agent d’un partenaire<br>lu\N{NO-BREAK SPACE}: " in person.get("/fr/me/data").text


def test_other_acts_say_once_that_they_were_done(web: Browser, scenario: Scene) -> None:
    person, agent = web(scenario.person), web(scenario.agent)
    for client, path, fields, shown, words in (
        (person, "me/keep?town=Bafoussam", {"question": "place"}, "me/profile", "search-kept"),
        (person, "me/account/pin-request/cancel", {}, "me/account", "pin-request-cancelled"),
        (person, "me/account/telephones/none/end", {}, "me/account", "telephone-ended"),
        (agent, "staff/notices", {"notices": "daily"}, "staff/notices", "notices-chosen"),
    ):
        assert client.post(f"/fr/{path}", data=fields).status_code == 303
        assert notices(read(client, f"/fr/{shown}")) == [translator("fr")(NOTICES[words])]
        assert notices(read(client, f"/fr/{shown}")) == []


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("purpose", Purpose)
def test_a_consent_is_withdrawn_in_two_steps_and_said_once(
    web: Browser, scenario: Scene, purpose: Purpose, language: str
) -> None:
    person, consents = web(scenario.person), f"/{language}/me/consents"
    person.post(f"{consents}/{purpose.value}", data={"agree": "yes"})
    assert notices(read(person, consents)) == [translator(language)(NOTICES["consent-given"])]
    link = f"{consents}/{purpose.value}/withdraw"
    assert [a.attributes["href"] for a in read(person, consents).css("main a.second")].count(link) == 1
    page = read(person, link)
    assert len(page.css("main li")) == 2
    # Nothing has changed yet.
    assert link in person.get(consents).text
    form = page.css_first("main form")
    answer = person.post(form.attributes["action"] or "")
    assert answer.headers["location"] == consents
    assert notices(read(person, consents)) == [translator(language)(NOTICES["consent-withdrawn"])]
    assert notices(read(person, consents)) == []
    assert link not in person.get(consents).text


def test_the_erasure_names_what_goes_and_a_wrong_pin_erases_nothing(
    web: Browser, house: Any, scenario: Scene
) -> None:
    person = web(scenario.person)
    applied(house.database, scenario)
    add_cv(house.database, scenario.awa)
    page = read(person, "/en/me/data/erase")
    listed = page.css_first("main form").text()
    assert "1 application, which the partner no longer sees" in listed
    assert "1 CV" in listed
    assert "saved offer" not in listed
    refused = person.post("/en/me/data/erase", data={"pin": "0000"})
    assert refused.status_code == 400
    assert HTMLParser(refused.text).css_first("#pin-error") is not None
    assert person.get("/en/me").status_code == 200


def test_a_cv_is_erased_in_two_steps(web: Browser, house: Any, scenario: Scene) -> None:
    person, document = web(scenario.person), add_cv(house.database, scenario.awa)
    [link] = read(person, "/fr/me/cv").css("main a.second")
    page = read(person, link.attributes["href"] or "")
    assert "»" in page.css_first("h1").text()
    person.post(page.css_first("main form").attributes["action"] or "")
    page = read(person, "/fr/me/cv")
    assert notices(page) == ["Votre CV est effacé."]
    assert str(document) not in page.html
    assert person.get(f"/fr/me/cv/{document}/erase").status_code == 404


@pytest.mark.parametrize("value", ["", "nothing-of-ours", "<b>", "consent-given; x"])
def test_a_cookie_that_names_no_notice_says_nothing(web: Browser, scenario: Scene, value: str) -> None:
    answer = web(scenario.person).get("/fr/me/account", headers={"Cookie": f"{NOTICE_COOKIE}={value}"})
    assert notices(HTMLParser(answer.text)) == []


def test_strangers_pages_show_no_notice(web: Browser) -> None:
    # They are kept for a minute by browsers, and by the cache of public pages for everybody.
    answer = web().get("/fr/", headers={"Cookie": f"{NOTICE_COOKIE}=consent-given"})
    assert "Votre accord est enregistré" not in answer.text


def test_an_unknown_notice_is_an_error_of_the_program(web: Browser) -> None:
    with pytest.raises(KeyError):
        set_notice(web().get("/fr/"), "unknown")  # type: ignore[arg-type]


def confirm(client: TestClient, page: HTMLParser) -> str:
    """Send the form of a page that asks; return where it leads."""
    form = page.css_first("main form")
    fields = {node.attributes["name"]: node.attributes["value"] for node in form.css("input")}
    answer = client.post(form.attributes["action"] or "", data=fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    "move",
    [{"stage": "not_retained", "next_step": "other", "words": "Écrivez <à> nous"}, {"stage": "started"}],
)
def test_a_partner_is_asked_before_a_person_is_told_what_cannot_be_unsaid(
    web: Browser, house: Any, scenario: Scene, language: str, move: dict[str, str]
) -> None:
    agent, sent = web(scenario.agent), applied(house.database, scenario)
    path = f"/{language}/staff/applications/{sent}"
    answer = agent.post(path, data=move)
    page = HTMLParser(answer.text)
    assert answer.status_code == 200
    if "words" in move:
        assert move["words"] in page.css_first("main form").text()
    assert page.css("main a.more")[0].attributes["href"] == path
    assert len(HTMLParser(agent.get(path).text).css(".facts ol li")) == 2, "sent and seen: nothing else yet"
    assert confirm(agent, page) == path
    assert notices(read(agent, path)) == [translator(language)(NOTICES["application-moved"])]
    assert len(HTMLParser(agent.get(path).text).css(".facts ol li")) == 3


def test_a_move_that_is_no_end_is_not_asked_for_twice(web: Browser, house: Any, scenario: Scene) -> None:
    path = f"/fr/staff/applications/{applied(house.database, scenario)}"
    agent = web(scenario.agent)
    assert agent.post(path, data={"stage": "shortlisted"}).status_code == 303
    assert notices(read(agent, path)) == [MOVED]


def test_an_account_is_closed_in_two_steps(web: Browser) -> None:
    administrator = web(Actor(Role.ADMINISTRATOR, uuid4()))
    invited = {"contact": f"{uuid4().hex}@example.org", "name": "Rose Ngo", "role": "case_worker"}
    administrator.post("/fr/staff/accounts", data=invited)
    [link] = [
        row.css_first("td a")
        for row in read(administrator, "/fr/staff/accounts?list-sort=-invited").css("tbody tr")
        if invited["contact"] in row.text()
    ]
    page = read(administrator, link.attributes["href"] or "")
    assert "Rose Ngo" in page.css_first("h1").text()
    assert len(page.css("main li")) == 3
    assert confirm(administrator, page) == "/fr/staff/accounts"
    page = read(administrator, "/fr/staff/accounts")
    assert notices(page) == ["Le compte est fermé, et déconnecté partout."]
    assert administrator.get(f"/fr/staff/accounts/{uuid4()}/disable").status_code == 404
