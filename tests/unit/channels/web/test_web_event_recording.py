"""Recording that an offer of a list is opened, and the redirect to its publisher's page."""

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
    EmptyDatabase,
    NoSessions,
    OffersInMemory,
    StubEngine,
    offer,
    recommendation,
    text,
)

from oim.channels.web import event_recording
from oim.features.matching.answer import Answer
from oim.features.opportunities import Kind
from oim.kit.errors import TooManyError

LIST = UUID(int=7)
OFFER = f"/fr/opportunities/{TAILOR}"


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, UUID, UUID]]:
    """The events recorded, as kind, list and offer, in a database that accepts writes."""
    events: list[tuple[str, UUID, UUID]] = []

    @contextmanager
    def write(_: object) -> Iterator[None]:
        yield None

    monkeypatch.setattr(EmptyDatabase, "write", write, raising=False)
    monkeypatch.setattr(
        event_recording, "record_offer_event", lambda _, kind, *ids: events.append((kind.value, *ids))
    )
    return events


def test_the_list_id_is_passed_from_the_card_to_the_offer_page_and_to_the_redirect(
    browser: Browser, engine: StubEngine
) -> None:
    engine.answer = Answer(items=(recommendation(TAILOR),), missing=(), list_id=LIST)
    link = browser.search(text="couture").css_first(".card > a:not([rel])").attributes["href"]
    assert link.startswith(f"{OFFER}?back=")
    assert link.endswith(f"&list={LIST.hex}")
    leave = browser.open(link or "").css_first("a.button").attributes["href"] or ""
    assert leave.startswith(f"{OFFER}/leave?list={LIST.hex}&s=")
    assert browser.open(leave).css_first("a.button").attributes["href"] == leave.replace("?", "/go?")


def test_opening_an_offer_is_recorded(client: TestClient, events: list[tuple[str, UUID, UUID]]) -> None:
    assert client.get(f"{OFFER}?list={LIST.hex}").status_code == 200
    assert events == [("opened", LIST, TAILOR)]


def test_an_offer_is_shown_to_who_has_spent_all_and_its_opening_not_recorded(
    client: TestClient, events: list[tuple[str, UUID, UUID]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise TooManyError("too often", wait=1)

    monkeypatch.setattr(NoSessions.rate_limiter, "spend", refuse)
    assert client.get(f"{OFFER}?list={LIST.hex}").status_code == 200
    assert events == []


def redirect_link(browser: Browser, page: str = OFFER) -> str:
    """The link on an offer's page that leads to its publisher, through a page of ours."""
    link = browser.open(page).css_first(".body a.button").attributes["href"]
    assert link
    return link


@pytest.mark.parametrize("page", [OFFER, f"{OFFER}?list={LIST.hex}"])
def test_a_page_names_the_site_before_the_visitor_leaves(browser: Browser, page: str) -> None:
    redirect_page = browser.open(redirect_link(browser, page))
    assert text(redirect_page, "h1") == "Vous quittez OIM pour ce site : www.exemple.cm"
    assert "Ne payez jamais" in text(redirect_page, ".beware")
    proceed, back = redirect_page.css("main a.button")
    assert proceed.attributes["rel"] == "noopener noreferrer nofollow"
    assert back.attributes["href"] == page
    answer = browser.client.get(proceed.attributes["href"] or "", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "https://www.exemple.cm/offre/1")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("step", ["", "/go"])
def test_a_changed_redirect_link_is_refused(browser: Browser, catalogue: OffersInMemory, step: str) -> None:
    link = redirect_link(browser, f"{OFFER}?list={LIST.hex}").replace("/leave", f"/leave{step}")
    changed_links = [
        link[:-1],
        link.replace(LIST.hex, UUID(int=8).hex),
        link.replace(f"list={LIST.hex}&", ""),
        link.replace(str(TAILOR), str(WELDER)),
        link.split("?")[0],
        link + "&s=x",
    ]
    for changed_link in changed_links:
        browser.open(changed_link, 404)
    browser.open(link, 303 if step else 200)
    catalogue.offers = [offer(TAILOR, kind=Kind.EMPLOYMENT, title="T", url="https://elsewhere.example/")]
    browser.open(link, 404)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_visitor_from_another_site_is_shown_the_redirect_page_first(browser: Browser, site: str) -> None:
    before = redirect_link(browser)
    after = before.replace("?", "/go?")
    answer = browser.client.get(after, headers={"Sec-Fetch-Site": site}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, before)
    answer = browser.client.get(after, headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False)
    assert answer.headers["location"] == "https://www.exemple.cm/offre/1"


@pytest.mark.parametrize("list_", ["", "x", "%00", "1" * 300, "' OR 1=1"])
def test_a_list_id_that_is_not_a_uuid_is_ignored(
    browser: Browser, events: list[tuple[str, UUID, UUID]], list_: str
) -> None:
    assert redirect_link(browser, f"{OFFER}?list={list_}").startswith(f"{OFFER}/leave?s=")
    assert events == []


def test_a_head_request_is_not_recorded_as_opening(
    client: TestClient, events: list[tuple[str, UUID, UUID]]
) -> None:
    client.head(f"{OFFER}?list={LIST.hex}")
    assert events == []


def test_pages_work_where_the_database_cannot_be_written(browser: Browser) -> None:
    browser.open(f"{OFFER}?list={LIST.hex}")
    browser.open(redirect_link(browser).replace("?", "/go?"), 303)


def test_an_offer_without_an_address_has_no_redirect_link(browser: Browser) -> None:
    assert browser.open(f"/fr/opportunities/{POULTRY}").css_first(".body a.button") is None
    for step in ("", "/go"):
        browser.open(f"/fr/opportunities/{POULTRY}/leave{step}?list={LIST.hex}", 404)
