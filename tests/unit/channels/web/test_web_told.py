"""Opening an offer of a list, and going on to its source, are told; whatever fails, the page is there."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from starlette.testclient import TestClient
from web_stand_ins import POULTRY, TAILOR, Browser, NoDatabase, ToldEngine, recommendation

from oim.channels.web import told
from oim.features.matching.types import Answer

LIST = UUID(int=7)
OFFER = f"/fr/opportunities/{TAILOR}"


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, UUID, UUID]]:
    """What is recorded, by a database that can be written."""
    found: list[tuple[str, UUID, UUID]] = []

    @contextmanager
    def write(_: object) -> Iterator[None]:
        yield None

    monkeypatch.setattr(NoDatabase, "write", write, raising=False)
    monkeypatch.setattr(told, "record", lambda _, kind, *ids: found.append((kind.value, *ids)))
    return found


def test_cards_carry_the_list_and_the_offers_page_carries_it_on(browser: Browser, engine: ToldEngine) -> None:
    engine.answer = Answer(items=(recommendation(TAILOR),), missing=(), list_id=LIST)
    link = browser.search(text="couture").css_first(".card a.button").attributes["href"]
    assert link == f"{OFFER}?list={LIST.hex}"
    source = browser.open(link or "").css_first("a.button").attributes["href"]
    assert source == f"{OFFER}/source?list={LIST.hex}"


def test_opening_and_going_to_the_source_are_recorded(
    client: TestClient, heard: list[tuple[str, UUID, UUID]]
) -> None:
    assert client.get(f"{OFFER}?list={LIST.hex}").status_code == 200
    gone = client.get(f"{OFFER}/source?list={LIST.hex}", follow_redirects=False)
    assert (gone.status_code, gone.headers["location"]) == (303, "https://www.exemple.cm/offre/1")
    assert heard == [("opened", LIST, TAILOR), ("redirected", LIST, TAILOR)]


@pytest.mark.parametrize("list_", ["", "x", "%00", "1" * 300, "' OR 1=1"])
def test_a_list_that_is_none_is_ignored(
    browser: Browser, heard: list[tuple[str, UUID, UUID]], list_: str
) -> None:
    page = browser.open(f"{OFFER}?list={list_}")
    assert page.css_first("a.button").attributes["href"] == "https://www.exemple.cm/offre/1"
    assert heard == []


def test_looking_without_opening_is_not_told(client: TestClient, heard: list[tuple[str, UUID, UUID]]) -> None:
    client.head(f"{OFFER}?list={LIST.hex}")
    assert heard == []


def test_a_database_that_cannot_be_written_costs_no_page(browser: Browser) -> None:
    browser.open(f"{OFFER}?list={LIST.hex}")
    browser.open(f"{OFFER}/source?list={LIST.hex}", 303)


def test_an_offer_without_a_page_of_its_own_leads_nowhere(browser: Browser) -> None:
    browser.open(f"/fr/opportunities/{POULTRY}/source?list={LIST.hex}", 404)
