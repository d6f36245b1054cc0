"""Opening an offer of a list is told; leaving leads to its source; whatever fails, the page is there."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from starlette.testclient import TestClient
from web_stand_ins import (
    POULTRY,
    TAILOR,
    WELDER,
    Browser,
    NoDatabase,
    OffersInMemory,
    ToldEngine,
    offer,
    recommendation,
    text,
)

from oim.channels.web import event_recording
from oim.features.matching.answer import Answer
from oim.features.opportunities import Kind

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
    monkeypatch.setattr(
        event_recording, "record_offer_event", lambda _, kind, *ids: found.append((kind.value, *ids))
    )
    return found


def test_cards_carry_the_list_and_the_offers_page_carries_it_on(browser: Browser, engine: ToldEngine) -> None:
    engine.answer = Answer(items=(recommendation(TAILOR),), missing=(), list_id=LIST)
    link = browser.search(text="couture").css_first(".card a.button").attributes["href"]
    assert link == f"{OFFER}?list={LIST.hex}"
    leave = browser.open(link or "").css_first("a.button").attributes["href"] or ""
    assert leave.startswith(f"{OFFER}/leave?list={LIST.hex}&s=")
    assert browser.open(leave).css_first("a.button").attributes["href"] == leave.replace("?", "/go?")


def test_opening_is_recorded(client: TestClient, heard: list[tuple[str, UUID, UUID]]) -> None:
    assert client.get(f"{OFFER}?list={LIST.hex}").status_code == 200
    assert heard == [("opened", LIST, TAILOR)]


def way_out(browser: Browser, page: str = OFFER) -> str:
    """Where the offer's page leads to its publisher's, through ours."""
    found = browser.open(page).css_first(".body a.button").attributes["href"]
    assert found
    return found


@pytest.mark.parametrize("page", [OFFER, f"{OFFER}?list={LIST.hex}"])
def test_before_one_leaves_a_page_says_where_one_goes(browser: Browser, page: str) -> None:
    asked = browser.open(way_out(browser, page))
    assert text(asked, "h1") == "Vous quittez OIM pour ce site : www.exemple.cm"
    assert "Ne payez jamais" in text(asked, ".beware")
    on, back = asked.css("main a.button")
    assert on.attributes["rel"] == "noopener noreferrer nofollow"
    assert back.attributes["href"] == page
    gone = browser.client.get(on.attributes["href"] or "", follow_redirects=False)
    assert (gone.status_code, gone.headers["location"]) == (303, "https://www.exemple.cm/offre/1")
    assert gone.headers["referrer-policy"] == "no-referrer"
    assert gone.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("step", ["", "/go"])
def test_only_a_link_of_ours_leads_out(browser: Browser, catalogue: OffersInMemory, step: str) -> None:
    ours = way_out(browser, f"{OFFER}?list={LIST.hex}").replace("/leave", f"/leave{step}")
    others = [
        ours[:-1],
        ours.replace(LIST.hex, UUID(int=8).hex),
        ours.replace(f"list={LIST.hex}&", ""),
        ours.replace(str(TAILOR), str(WELDER)),
        ours.split("?")[0],
        ours + "&s=x",
    ]
    for other in others:
        browser.open(other, 404)
    browser.open(ours, 303 if step else 200)
    catalogue.offers = [offer(TAILOR, kind=Kind.EMPLOYMENT, title="T", url="https://elsewhere.example/")]
    browser.open(ours, 404)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_who_comes_from_another_site_reads_the_page_in_between_first(browser: Browser, site: str) -> None:
    before = way_out(browser)
    after = before.replace("?", "/go?")
    answer = browser.client.get(after, headers={"Sec-Fetch-Site": site}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, before)
    answer = browser.client.get(after, headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False)
    assert answer.headers["location"] == "https://www.exemple.cm/offre/1"


@pytest.mark.parametrize("list_", ["", "x", "%00", "1" * 300, "' OR 1=1"])
def test_a_list_that_is_none_is_ignored(
    browser: Browser, heard: list[tuple[str, UUID, UUID]], list_: str
) -> None:
    assert way_out(browser, f"{OFFER}?list={list_}").startswith(f"{OFFER}/leave?s=")
    assert heard == []


def test_looking_without_opening_is_not_told(client: TestClient, heard: list[tuple[str, UUID, UUID]]) -> None:
    client.head(f"{OFFER}?list={LIST.hex}")
    assert heard == []


def test_a_database_that_cannot_be_written_costs_no_page(browser: Browser) -> None:
    browser.open(f"{OFFER}?list={LIST.hex}")
    browser.open(way_out(browser).replace("?", "/go?"), 303)


def test_an_offer_without_a_page_of_its_own_leads_nowhere(browser: Browser) -> None:
    assert browser.open(f"/fr/opportunities/{POULTRY}").css_first(".body a.button") is None
    for step in ("", "/go"):
        browser.open(f"/fr/opportunities/{POULTRY}/leave{step}?list={LIST.hex}", 404)
