"""A person's home page: what is new comes first, then three offers and the next question, then the rest."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest
from application_factory import Scene, applied, scene
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from sqlalchemy import update

from oim.features import applications, profile
from oim.features.applications import Move, Next, NextStep, Route, Stage
from oim.features.applications.models import ApplicationRow, OutcomeRow, StageRow
from oim.features.consents import Purpose
from oim.features.profile import Question
from oim.kit.clock import now
from oim.kit.errors import UnavailableError

pytestmark = pytest.mark.usefixtures("delete_agents")

Browser = Callable[..., TestClient]


@pytest.fixture
def scenario(house: Any) -> Scene:
    return scene(house.database)


def home(client: TestClient, language: str = "fr") -> HTMLParser:
    answer = client.get(f"/{language}/me")
    assert answer.status_code == 200, answer.text
    return HTMLParser(answer.text)


def headings(page: HTMLParser) -> list[str]:
    return [node.text(strip=True) for node in page.css("main h2, main h3")]


def agree(house: Any, scenario: Scene) -> None:
    with house.database.write() as session:
        profile.save_answer(
            session, scenario.person, scenario.awa, Question.WISH, {"wish": "couture à Douala"}
        )
        choices = {Purpose.MATCHING: True}
        profile.save_consents(session, scenario.person, scenario.awa, choices, language="fr", channel="web")


def test_the_home_asks_for_consent_then_for_an_answer_then_shows_three_offers(
    web: Browser, house: Any, scenario: Scene
) -> None:
    person = web(scenario.person)
    page = home(person)
    assert page.css_first("form[action$='/me/consents/matching']") is not None
    assert page.css(".card") == []
    person.post("/fr/me/consents/matching", data={"agree": "yes", "next": "/fr/me"})
    assert home(person).css_first(".panel a.button").attributes["href"] == "/fr/me/profile/wish"
    agree(house, scenario)
    page = home(person)
    assert len(page.css(".card")) == 3
    assert page.css_first("a[href='/fr/me/offers']") is not None
    # The next question comes after the offers, and everything else after it.
    body = page.css_first("main").html or ""
    assert body.index("card") < body.index("strength") < body.index("/me/saved") < body.index("/me/data")


def test_news_of_partners_come_first_and_what_one_did_oneself_is_no_news(
    web: Browser, house: Any, scenario: Scene
) -> None:
    person, id_ = web(scenario.person), applied(house.database, scenario)
    assert "Du nouveau pour vous" not in headings(home(person))
    with house.database.write() as session:
        applications.move(
            session, scenario.agent, id_, Move(Stage.NOT_RETAINED, Next(NextStep.COURSE, "Voyez Paul"))
        )
    page = home(person)
    assert headings(page)[0] == "Du nouveau pour vous"
    assert page.css_first(".card a.button").attributes["href"] == f"/fr/me/applications/{id_}"
    with house.database.write() as session:
        long_ago = now() - timedelta(days=31)
        session.execute(update(StageRow).where(StageRow.application_id == id_).values(at=long_ago))
    assert "Du nouveau pour vous" not in headings(home(person))


def test_a_question_about_an_outcome_is_answered_from_the_home(
    web: Browser, house: Any, scenario: Scene
) -> None:
    person, id_ = web(scenario.person), applied(house.database, scenario)
    with house.database.write() as session:
        conditions = OutcomeRow.application_id == id_, OutcomeRow.day == 30
        session.execute(update(OutcomeRow).where(*conditions).values(due_on=date(2026, 1, 1)))
    form = home(person).css_first("form[action*='/me/outcomes/']")
    assert headings(home(person))[0] == "Du nouveau pour vous"
    answer = form.css_first("button").attributes["value"]
    sent = person.post(form.attributes["action"] or "", data={"answer": answer})
    assert sent.status_code == 303
    assert home(person).css_first("form[action*='/me/outcomes/']") is None


def test_without_the_engine_the_home_is_whole_but_for_the_offers(
    web: Browser, house: Any, scenario: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(house, scenario)

    def rest(*_: object, **__: object) -> None:
        raise UnavailableError("The search does not answer. Try again in a moment.")

    monkeypatch.setattr(house.engine, "recommend_for_person", rest)
    page = home(web(scenario.person), "en")
    assert page.css(".card") == []
    assert "Come back in a few minutes" in page.css_first("main .notice").text()
    assert page.css_first("a[href='/en/me/data']") is not None


def test_an_offer_that_one_applied_for_is_not_among_those_for_me(
    web: Browser, house: Any, scenario: Scene
) -> None:
    agree(house, scenario)
    person = web(scenario.person)
    [first, *_] = [card.attributes["id"][1:] for card in home(person).css(".card[id]")]
    with house.database.write() as session:
        session.add(sent_row(scenario, UUID(first), Stage.SENT))
    assert f"c{first}" not in {card.attributes["id"] for card in home(person).css(".card")}
    with house.database.write() as session:
        session.execute(update(ApplicationRow).values(stage=Stage.WITHDRAWN.value))
    assert f"c{first}" in {card.attributes["id"] for card in home(person).css(".card")}


def sent_row(scenario: Scene, offer: UUID, stage: Stage) -> ApplicationRow:
    return ApplicationRow(
        id=uuid4(),
        person_id=scenario.awa,
        opportunity_id=offer,
        organisation_id=None,
        title="Couturière",
        kind="employment",
        route=Route.INSIDE.value,
        stage=stage.value,
        stage_at=now(),
        created_at=now(),
        shares_summary=True,
    )


def test_a_question_left_empty_is_not_said_to_be_saved(web: Browser, scenario: Scene) -> None:
    person = web(scenario.person)
    for answer, said in (({"text": "couture"}, "enregistrée"), ({"text": " "}, "reste sans réponse")):
        saved = person.post("/fr/me/profile/wish", data=answer)
        notice = HTMLParser(person.get(saved.headers["location"]).text).css_first(".notice")
        assert said in notice.text()


@pytest.mark.parametrize(
    "path", ["/fr/nothing-here", "/fr/opportunities/x", "/fr/me/applications/x", "/fr/a/b"]
)
def test_a_page_that_does_not_exist_has_the_header_of_who_is_signed_in(
    web: Browser, scenario: Scene, path: str
) -> None:
    for browser, link in ((web(scenario.person), "/fr/me"), (web(scenario.agent), "/fr/staff")):
        answer = browser.get(path)
        if answer.status_code == 404:
            links = [node.attributes["href"] for node in HTMLParser(answer.text).css("header nav a")]
            assert link in links
            assert not any("sign-in" in (each or "") for each in links)
    assert web().get("/fr/nothing-here").status_code == 404


def test_a_used_invitation_says_what_to_do_and_nothing_of_offers(web: Browser) -> None:
    page = HTMLParser(web().get("/fr/staff/welcome/used").text)
    main = page.css_first("main")
    assert "connectez-vous. Sinon, demandez à la personne qui vous a invité" in main.text()
    assert "offre" not in main.text()
    assert [link.attributes["href"] for link in main.css("a")] == ["/fr/staff/sign-in"]


def test_signing_in_leads_back_to_the_results_and_to_the_offer(web: Browser, house: Any) -> None:
    stranger = web()
    found = stranger.post("/fr/recommendations", data={"kind": "employment", "town": "Douala"})
    address = found.headers["location"]
    for path in (address, "/fr/opportunities?kind=agr"):
        link = HTMLParser(stranger.get(path).text).css_first("header nav a[href*=sign-in]")
        assert link.attributes["href"] == f"/fr/sign-in?next={quote(path, safe='')}"
    offer = HTMLParser(stranger.get(address).text).css(".card > a")[-1].attributes["href"] or ""
    save = HTMLParser(stranger.get(offer).text).css_first(".facts a.link")
    assert save.attributes["href"] == f"/fr/sign-in?next={quote(offer, safe='')}"
    home_link = HTMLParser(stranger.get("/fr/").text).css_first("header nav a[href*=sign-in]")
    assert home_link.attributes["href"] == "/fr/sign-in"


def reasons_of(page: HTMLParser) -> list[str]:
    return [" ".join(node.text().split()) for node in page.css(".body .why li")]


def test_an_offer_opened_from_results_or_from_my_space_keeps_its_reasons(
    web: Browser, house: Any, scenario: Scene
) -> None:
    stranger, person = web(), web(scenario.person)
    agree(house, scenario)
    found = stranger.post("/fr/recommendations", data={"text": "couture", "birth_year": "1990"})
    for browser, path in ((stranger, found.headers["location"]), (person, "/fr/me")):
        card = next(card for card in HTMLParser(browser.get(path).text).css(".card") if card.css(".why li"))
        said = [" ".join(node.text().split()) for node in card.css(".why li")]
        link = card.css("a")[-1].attributes["href"] or ""
        assert set(said) <= set(reasons_of(HTMLParser(browser.get(link).text)))
        assert reasons_of(HTMLParser(browser.get(link.partition("?")[0]).text)) == []
        assert reasons_of(HTMLParser(web().get(link).text)) == [], "nobody else is told them"
