"""What requests cost: who asks too much is refused by either door and told when to return; others go on."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import uuid4

import pytest
from fastapi import Request
from fastapi.testclient import TestClient
from house_factory import House
from people_factory import add_people, person

from oim.channels.http import costs, threads
from oim.channels.http.costs import (
    cost_of_search,
    cost_of_text,
    counts_as_person,
    spend_points,
    spend_search_points,
)
from oim.channels.http.services import Services
from oim.features.access import STRANGER, Actor, Role
from oim.kit.errors import TooManyError
from oim.kit.rate_limits import RateLimit

LONG = "couture " * 400


def request_from(address: str) -> Request:
    """Make a request that comes from an address."""
    return Request({"type": "http", "client": (address, 1)})


@pytest.fixture(autouse=True)
def limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits of 30 points, and of 90 for a network, that no other test has counted against."""
    monkeypatch.setattr(costs, "PERSON_LIMIT", RateLimit(uuid4().hex, "30 per 10 minutes"))
    for name in ("ADDRESS_LIMITS", "WORDS_LIMITS"):
        made = tuple(RateLimit(uuid4().hex, f"{points} per 10 minutes") for points in (30, 90))
        monkeypatch.setattr(costs, name, made)


@pytest.fixture
def services(house: House) -> Services:
    return Services(house.database, house.engine, house.sign_in, house.blobs)


def spent(services: Services) -> None:
    """Have the address of the tests' client spend all that it has."""
    for _ in range(30):  # what calls have left
        with suppress(TooManyError):
            spend_points(services, STRANGER, "testclient", 1)


def spent_words(services: Services) -> None:
    """Have it spend what it has for answers by words alone, too."""
    spent(services)
    for _ in range(30):
        with suppress(TooManyError):
            spend_search_points(services, STRANGER, request_from("testclient"), 5)


def test_some_lists_a_day_count_as_those_of_a_person_and_none_of_staff(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(costs, "LISTS_OF_PERSON", RateLimit(uuid4().hex, "2 per day"))
    somebody, other = (Actor(Role.PERSON, uuid4()) for _ in range(2))
    assert [counts_as_person(services, somebody) for _ in range(4)] == [True, True, False, False]
    assert counts_as_person(services, other)
    for nobody in (None, STRANGER, Actor(Role.ADMINISTRATOR, uuid4())):
        assert not counts_as_person(services, nobody)


def test_what_a_text_costs_goes_by_its_length() -> None:
    assert [cost_of_text(words) for words in ("", "couture", LONG)] == [10, 10, len(LONG) // 6]
    assert (cost_of_search(" "), cost_of_search("couture")) == (2, 10)


def test_addresses_of_one_subscriber_spend_the_same_points(services: Services) -> None:
    spend_points(services, STRANGER, "2001:db8:1:2::1", 25)
    with pytest.raises(TooManyError) as raised:
        spend_points(services, STRANGER, "2001:db8:1:2:ffff::9", 6)
    assert 600 <= raised.value.wait <= 1200
    spend_points(services, STRANGER, "2001:db8:1:2:ffff::9", 5)  # what is left can be spent
    spend_points(services, STRANGER, "2001:db8:1:3::1", 25)  # the neighbour has their own


def test_a_network_of_ipv6_spends_no_more_than_three_subscribers(services: Services) -> None:
    for number in range(3):
        spend_points(services, STRANGER, f"2001:db8:1:{number}::1", 30)
    with pytest.raises(TooManyError):
        spend_points(services, STRANGER, "2001:db8:1:4::1", 1)
    spend_points(services, STRANGER, "2001:db8:2::1", 30)  # another network
    for number in range(3):
        assert spend_search_points(services, STRANGER, request_from(f"2001:db8:1:{number}::1"), 150)
    with pytest.raises(TooManyError):
        spend_search_points(services, STRANGER, request_from("2001:db8:1:4::1"), 5)


def test_whoever_is_signed_in_is_counted_apart_from_their_address(services: Services) -> None:
    spent(services)
    awa, ben = person(uuid4()), person(uuid4())
    spend_points(services, awa, "testclient", 30)
    with pytest.raises(TooManyError, match="too often"):
        spend_points(services, awa, "another", 1)
    spend_points(services, ben, "testclient", 30)


CALLS: dict[str, Callable[[TestClient], Any]] = {
    "recommendations": lambda api: api.post("/v1/recommendations", json={"text": "couture"}),
    "search": lambda api: api.get("/v1/opportunities?words=couture"),
    "listing": lambda api: api.get("/v1/opportunities"),
    "event": lambda api: api.post(
        "/v1/events", json={"list_id": str(uuid4()), "opportunity_id": str(uuid4()), "kind": "opened"}
    ),
    "departure": lambda api: api.post(f"/v1/opportunities/{uuid4()}/departures"),
}


@pytest.mark.parametrize("name", CALLS)
def test_who_spent_all_is_refused_by_the_api(api: TestClient, services: Services, name: str) -> None:
    assert CALLS[name](api).status_code in (200, 404)
    spent_words(services)
    answer = CALLS[name](api)
    assert answer.status_code == 429
    assert answer.json()["type"] == "urn:oim:problem:too-many"
    assert "connexion internet" in answer.json()["detail"]
    assert 600 <= int(answer.headers["Retry-After"]) <= 1200


PAGES: dict[str, Callable[[TestClient, str], Any]] = {
    "recommendations": lambda web, lang: web.post(
        f"/{lang}/recommendations", data={"text": "couture"}, follow_redirects=True
    ),
    "search": lambda web, lang: web.get(f"/{lang}/opportunities?words=couture"),
}


@pytest.mark.parametrize(("language", "words"), [("fr", "connexion internet"), ("en", "internet connection")])
@pytest.mark.parametrize("name", PAGES)
def test_who_spent_all_is_told_so_on_a_page(
    web: Callable[..., TestClient], services: Services, name: str, language: str, words: str
) -> None:
    assert PAGES[name](web(), language).status_code == 200
    spent_words(services)
    answer = PAGES[name](web(), language)
    assert answer.status_code == 429
    assert words in answer.text
    assert "couture" in answer.text or name == "search"  # the form is as it was filled in
    assert 600 <= int(answer.headers["Retry-After"]) <= 1200


@pytest.mark.parametrize("name", PAGES)
def test_strangers_at_an_address_that_spent_all_are_answered_by_words_alone(
    api: TestClient, web: Callable[..., TestClient], services: Services, name: str
) -> None:
    assert CALLS[name](api).json()["words_only"] is False
    assert "seulement par vos mots" not in PAGES[name](web(), "fr").text
    spent(services)
    assert CALLS[name](api).json()["words_only"] is True
    answer = PAGES[name](web(), "fr")
    assert answer.status_code == 200
    assert "seulement par vos mots" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_strangers_long_text_whose_turn_came_late_is_answered_by_words_alone(
    api: TestClient, web: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "couture " * 100
    for name in ("ADDRESS_LIMITS", "WORDS_LIMITS"):
        monkeypatch.setattr(costs, name, (RateLimit(uuid4().hex, "9000 per 10 minutes"),))

    def is_by_words() -> tuple[bool, bool]:
        answer = api.post("/v1/recommendations", json={"text": text}).json()
        page = web().post("/fr/recommendations", data={"text": text}, follow_redirects=True)
        return answer["words_only"], "seulement par vos mots" in page.text

    assert is_by_words() == (False, False)
    monkeypatch.setattr(threads, "FULL_ANSWER_WAIT", -1.0)
    assert is_by_words() == (True, True)


def test_an_address_that_spent_all_still_reports(
    api: TestClient, web: Callable[..., TestClient], services: Services
) -> None:
    spent_words(services)
    # Refused for their offer, which does not exist, not for their points.
    path = f"/opportunities/{uuid4()}/report"
    assert api.post(f"/v1{path}s", json={"reason": "money_asked"}).status_code == 404
    assert web().post(f"/fr{path}", data={"reason": "money_asked"}).status_code == 404


def test_somebody_signed_in_who_spent_all_is_refused(services: Services) -> None:
    awa = person(uuid4())
    assert not spend_search_points(services, awa, request_from("testclient"), 30)
    with pytest.raises(TooManyError, match="too often"):
        spend_search_points(services, awa, request_from("testclient"), 1)


def test_somebody_signed_in_goes_on_where_the_address_has_spent_all(
    web: Callable[..., TestClient], house: House, services: Services
) -> None:
    spent_words(services)
    [awa] = add_people(house.database)
    assert PAGES["search"](web(), "fr").status_code == 429
    assert PAGES["search"](web(person(awa)), "fr").status_code == 200
