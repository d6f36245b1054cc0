"""The lists of staff: sorted, filtered and paged by the address, a table for the ear and the keyboard."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from application_factory import Scene, add_offers, applied, draft, scene
from fastapi.testclient import TestClient
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from sqlalchemy import delete

from oim.features import applications
from oim.features.applications import Move, Next, Stage, Submission
from oim.features.applications.models import ApplicationRow
from oim.features.opportunities.models import OpportunityRow
from oim.kit.db import Database

Browser = Callable[..., TestClient]
LIST = "/fr/staff/applications"


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
