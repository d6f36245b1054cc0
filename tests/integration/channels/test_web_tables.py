"""The lists of staff: sorted, filtered and paged by the address, a table for the ear and the keyboard."""

import re
from collections.abc import Callable, Iterator
from datetime import time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from application_factory import Scene, add_offers, applied, draft, scene
from fastapi.testclient import TestClient
from people_factory import add_case_worker, add_people, person
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from sqlalchemy import delete, update

from oim.features import access, applications, profile
from oim.features.access import Actor, Role
from oim.features.applications import Move, Next, Stage, Submission
from oim.features.applications.models import ApplicationRow
from oim.features.ingestion.models import RunRow
from oim.features.opportunities import Status, hold_offers
from oim.features.opportunities.models import OpportunityRow
from oim.kit.clock import CAMEROON, now
from oim.kit.db import Database

Browser = Callable[..., TestClient]
LIST = "/fr/staff/applications"
FAILED = "/fr/staff/sources?source-state=failed"
WORKER, ADMIN = Role.CASE_WORKER, Role.ADMINISTRATOR


@pytest.fixture(scope="module")
def received(house: Any) -> Iterator[tuple[Scene, list[UUID]]]:
    """A partner who received three applications of one person: to Maçon 1, Maçon 2 and Maçon 3."""
    database: Database = house.database
    made = scene(database)
    offers = add_offers(database, draft(2), draft(3))
    with database.write() as session:
        session.execute(delete(ApplicationRow))
    ids = [applied(database, made)]
    with database.write() as session:
        ids += [
            applications.send(session, made.person, made.awa, Submission(offer=offer)) for offer in offers
        ]
        applications.move(session, made.agent, ids[1], Move(Stage.SHORTLISTED, Next(words="Bravo")))
    yield made, ids
    with database.write() as session:
        session.execute(delete(OpportunityRow).where(OpportunityRow.source == "test"))


def read(client: TestClient, path: str, status: int = 200) -> HTMLParser:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    return HTMLParser(answer.text)


def titles(page: HTMLParser) -> list[str]:
    return [row.css("td")[0].text()[: len("Maçon 1")] for row in page.css("tbody tr")]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Maçon 3", "Maçon 2", "Maçon 1"]),
        ("?sort=title", ["Maçon 1", "Maçon 2", "Maçon 3"]),
        ("?sort=-title", ["Maçon 3", "Maçon 2", "Maçon 1"]),
        ("?sort=-stage", ["Maçon 2", "Maçon 3", "Maçon 1"]),
        ("?stage=waiting&sort=title", ["Maçon 1", "Maçon 3"]),
        ("?stage=shortlisted", ["Maçon 2"]),
        ("?kind=agr", []),
        ("?words=on+3", ["Maçon 3"]),
        ("?words=%25", []),
        ("?page=9", ["Maçon 3", "Maçon 2", "Maçon 1"]),
    ],
)
def test_a_list_is_sorted_and_filtered_by_its_address(
    web: Browser, received: tuple[Scene, list[UUID]], query: str, expected: list[str]
) -> None:
    page = read(web(received[0].agent), LIST + query)
    assert titles(page) == expected
    count = page.css_first("caption span")
    assert count is not None
    assert count.text().startswith(str(len(expected)))


@pytest.mark.parametrize(
    "query",
    ["?sort=letter", "?sort=name", "?sort=-", "?page=0", "?page=²", "?page=99999", "?stage=eaten", "?kind=x"],
)
def test_what_no_link_of_ours_asks_for_is_refused(
    web: Browser, received: tuple[Scene, list[UUID]], query: str
) -> None:
    read(web(received[0].agent), LIST + query, 400)


def test_the_head_of_a_column_says_its_order_and_turns_it_round(
    web: Browser, received: tuple[Scene, list[UUID]]
) -> None:
    paul = web(received[0].agent)
    page = read(paul, f"{LIST}?stage=waiting&sort=title")
    [head] = page.css("th[aria-sort]")
    assert (head.text().strip(), head.attributes["aria-sort"]) == ("Offre", "ascending")
    link = head.css_first("a").attributes["href"] or ""
    turned = read(paul, link)
    assert titles(turned) == ["Maçon 3", "Maçon 1"], "the filter stays"
    assert turned.css_first("th[aria-sort]").attributes["aria-sort"] == "descending"
    # What the form sends keeps the order.
    assert page.css_first(".filters [name=sort][type=hidden]").attributes["value"] == "title"
    assert page.css_first(".filters option[selected]").attributes["value"] == "waiting"
    assert titles(read(paul, page.css_first(".filters a").attributes["href"] or "")) == titles(
        read(paul, f"{LIST}?sort=title")
    )


def test_a_table_is_one_for_who_hears_it(web: Browser, received: tuple[Scene, list[UUID]]) -> None:
    page = read(web(received[0].agent), LIST)
    assert page.css_first("table > caption") is not None
    assert len(page.css("thead th[scope=col]")) == 6
    for row in page.css("tbody tr"):
        assert [cell.tag for cell in row.iter()] == ["th"] + ["td"] * 5
        assert row.css_first("th[scope=row] a") is not None
        assert all(cell.attributes["data-label"] for cell in row.css("td"))


@pytest.mark.parametrize(
    ("role", "path"),
    [
        (ADMIN, "/fr/staff/accounts?list-sort=-role&list-state=invited&list-role=agent"),
        (ADMIN, "/fr/staff/sources?source-sort=-held&source-state=failed&sort=-offers&state=verified"),
        (ADMIN, "/en/staff/sources?source-sort=state&source-words=%25&words=a%00"),
        (ADMIN, "/fr/staff/statistics?sort=-people&kind=agr&region=CM-OU"),
        (ADMIN, "/fr/staff/register"),
        (WORKER, "/fr/staff/people?sort=until"),
        (WORKER, "/fr/staff/review?sort=-since&state=held&kind=training&words=a"),
    ],
)
def test_every_list_of_staff_takes_its_orders_and_filters(web: Browser, role: Role, path: str) -> None:
    page = read(web(Actor(role, uuid4())), path)
    ids = [node.attributes["id"] for node in page.css("[id]")]
    assert len(ids) == len(set(ids))
    assert {node.attributes["for"] for node in page.css("label[for]")} <= set(ids)
    assert len(page.css("caption")) == len(page.css("table"))
    assert len(page.css("th[aria-sort]")) == len(re.findall("sort=", path))


def test_home_shows_an_agent_what_waits_and_leads_there(
    web: Browser, received: tuple[Scene, list[UUID]], house: Any
) -> None:
    made, ids = received
    paul = web(made.agent)
    [wait] = read(paul, "/fr/staff").css(".waits a")
    assert " ".join(wait.text().split()) == "2 candidatures sans réponse"
    assert titles(read(paul, wait.attributes["href"] or "")) == ["Maçon 1", "Maçon 3"]
    day = now().astimezone(CAMEROON).date() + timedelta(days=2)
    with house.database.write() as session:
        applications.move(session, made.agent, ids[0], Move(Stage.INTERVIEW, Next(on=day, hour=time(14))))
    waits = read(paul, "/fr/staff").css(".waits a")
    assert [" ".join(wait.text().split()) for wait in waits] == [
        "1 candidature sans réponse",
        "1 rendez-vous à venir",
    ]
    [row] = read(paul, waits[1].attributes["href"] or "").css("tbody tr")
    assert "14\u00a0h" in row.css("td")[-1].text()


def test_home_shows_others_what_waits_for_their_role(web: Browser, house: Any) -> None:
    database: Database = house.database
    [offer] = add_offers(database, draft(9))
    with database.write() as session:
        hold_offers(session, [offer])
        session.execute(update(RunRow).where(RunRow.source == "test").values(read=1, rejected=1))
    for role, expected in ((WORKER, ["/fr/staff/review"]), (ADMIN, ["/fr/staff/review", FAILED])):
        waits = read(web(Actor(role, uuid4())), "/fr/staff").css(".waits a")
        assert [wait.attributes["href"] for wait in waits][: len(expected)] == expected
    failed = read(web(Actor(ADMIN, uuid4())), FAILED).css("#source-list tbody tr")
    # By its name, with its key below.
    assert [row.css_first("th").text().split() for row in failed] == [["Testtest"]]
    nothing = read(web(Actor(Role.ANALYST, uuid4())), "/fr/staff")
    assert nothing.css(".waits") == []
    assert "Rien ne vous attend" in nothing.css_first("main").text()


def test_staff_read_about_a_person_in_the_third_person(web: Browser, house: Any) -> None:
    worker, [awa] = add_case_worker(house.database), add_people(house.database)
    with house.database.write() as session:
        access.give_mandate(session, person(awa), awa, worker.id or awa)
        record = profile.Record(statuses=tuple(Status), mobility=profile.Mobility.NEAR)
        profile.update_record(session, person(awa), awa, lambda _: record)
    for path in (f"/fr/staff/people/{awa}", f"/fr/staff/people/{awa}/profile"):
        shown = read(web(worker), path).css_first("main").text()
        assert not re.search(r"\b(je|j’ai|mon|ma|mes|votre|vos|vous)\b", shown, re.IGNORECASE), path
    question = read(web(worker), f"/fr/staff/people/{awa}/profile/place").css_first("main").text()
    assert "Demandez à cette personne" in question
