"""The address of results: what stands in it, where it opens, and for how long."""

from base64 import urlsafe_b64decode
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient
from web_stand_ins import Browser, StubEngine, text

from oim.channels.web import search_links
from oim.channels.web.security import VISIT_COOKIE, safe_next_path
from oim.kit import clock

SEARCH = {
    "text": "Je rentre de Libye et je veux élever des poulets",
    "kind": ["agr", "training"],
    "town": "Garoua-Boulaï",
    "status": ["returnee", "displaced"],
    "savings": "50000",
    "birth_year": "1998",
    "gender": "female",
    "membership": ["MUFFA"],
    "education": "3",
    "experience": "5",
}


def address_of(browser: Browser, **fields: str | list[str]) -> str:
    """Send the form, and return the address that the answer leads to."""
    answer = browser.client.post("/fr/recommendations", data=fields, follow_redirects=False)
    assert answer.status_code == 303
    return answer.headers["location"]


def another(browser: Browser) -> Browser:
    """The browser of another telephone, on the same site."""
    return Browser(TestClient(browser.client.app, "https://testserver", raise_server_exceptions=False))


def test_only_kind_and_place_can_be_read_in_an_address(browser: Browser) -> None:
    query = parse_qs(urlsplit(address_of(browser, **SEARCH)).query)
    assert query.keys() == {"kind", "town", "words", "self"}
    assert (query["kind"], query["town"]) == (["agr", "training"], ["Garoua-Boulaï"])
    for name in ("words", "self"):
        sealed = urlsafe_b64decode(query[name][0] + "==")
        assert b"returnee" not in sealed
        assert b"Libye" not in sealed
        assert len(sealed) < 300


def test_an_address_leads_to_the_whole_search_as_often_as_it_is_opened(
    browser: Browser, engine: StubEngine
) -> None:
    address = address_of(browser, **SEARCH)
    for _ in range(2):
        engine.profile = None
        page = browser.open(address)
        assert engine.profile is not None
        assert (engine.profile.text, engine.profile.savings) == (SEARCH["text"], 50000)
        assert [status.value for status in engine.profile.statuses] == ["returnee", "displaced"]
    assert page.css_first("[name=birth_year]").attributes["value"] == "1998"


def test_on_another_telephone_it_says_nothing_of_the_person(browser: Browser, engine: StubEngine) -> None:
    page = another(browser).open(address_of(browser, **SEARCH))
    assert engine.profile is not None
    assert engine.profile.text == SEARCH["text"]
    assert (engine.profile.statuses, engine.profile.savings, engine.profile.birth_year) == ((), None, None)
    assert "n’est pas montrée" in text(page, ".notice")
    assert page.css("input[checked]")
    assert not page.css("[name=status][checked], [name=membership][checked]")


def test_it_ends_with_the_visit_and_with_time(
    browser: Browser, engine: StubEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, began = address_of(browser, **SEARCH), clock.now()
    for lifetime, known in (
        (search_links.SELF_LIFETIME, (SEARCH["text"], None)),
        (search_links.WORDS_LIFETIME, ("", None)),
    ):
        monkeypatch.setattr(
            search_links, "now", lambda end=lifetime: began + end + search_links.SELF_LIFETIME / 9
        )
        browser.open(address)
        assert engine.profile is not None
        assert (engine.profile.text, engine.profile.savings) == known
    monkeypatch.undo()
    browser.client.cookies.delete(VISIT_COOKIE)
    browser.open(address)
    assert engine.profile.savings is None


def test_what_was_changed_in_an_address_opens_nothing(browser: Browser, engine: StubEngine) -> None:
    address = address_of(browser, **SEARCH)
    for changed in (address.replace("words=", "words=A"), address.replace("self=", "x="), f"{address}AAAA"):
        browser.open(changed)
        assert engine.profile is not None
        assert engine.profile.text == "" or engine.profile.savings is None


@pytest.mark.parametrize("letter", ["a", "é", "😀", "%", "\r\n"])
def test_the_longest_text_is_searched_whole(browser: Browser, engine: StubEngine, letter: str) -> None:
    words = (letter * 2000)[:1990].strip() or "x"
    page = browser.search(text=words)
    assert engine.profile is not None
    assert engine.profile.text == words.replace("\r\n", "\n")
    assert "longue" not in text(page, "main")


def test_an_address_can_be_come_back_to_after_signing_in(browser: Browser) -> None:
    page = browser.open(address_of(browser, **SEARCH))
    [link] = [a for a in page.css("main a.button") if "sign-in" in (a.attributes["href"] or "")]
    [next_] = parse_qs(urlsplit(link.attributes["href"] or "").query)["next"]
    assert safe_next_path(next_) == next_
    assert next_.startswith("/fr/me/keep?kind=agr")
