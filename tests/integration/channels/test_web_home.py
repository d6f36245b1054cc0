"""A person's home page: what is new comes first, then three offers and the next question, then the rest."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from application_factory import Scene, applied, scene
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from sqlalchemy import update

from oim.features import applications, profile
from oim.features.applications import Move, Next, NextStep, Stage
from oim.features.applications.models import OutcomeRow, StageRow
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
