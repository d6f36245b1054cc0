"""The API of searching offers, saving and dismissing them, and following searches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from people_factory import add_people, person

from oim.channels.rest.search import SearchQuery, SearchShape
from oim.features import profile
from oim.features.consents import Purpose
from oim.features.following import DismissalReason
from oim.features.opportunities import PERIODS_PER_MONTH, PayPeriod
from oim.features.profile import Question
from oim.kit.clock import now

SETTINGS = settings(max_examples=40, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
SEARCH: dict[str, Any] = {
    "words": "couture",
    "kinds": ["training", "agr"],
    "near": "CM-LT-01",
    "within_km": 50,
}


@dataclass(frozen=True)
class Caller:
    """A person who is signed in and calls the API in English."""

    id: UUID
    api: TestClient
    headers: dict[str, str]

    def call(self, method: str, path: str, status: int = 200, **arguments: Any) -> Any:
        headers = {**self.headers, "Accept-Language": "en", **arguments.pop("headers", {})}
        answer = self.api.request(method, f"/v1/me/{path}", headers=headers, **arguments)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None


@pytest.fixture
def awa(house: Any, api: TestClient, token: Callable[..., dict[str, str]]) -> Caller:
    [id_] = add_people(house.database)
    return Caller(id_, api, token(person(id_)))


@pytest.fixture
def other(house: Any, api: TestClient, token: Callable[..., dict[str, str]]) -> Caller:
    [id_] = add_people(house.database)
    return Caller(id_, api, token(person(id_)))


def search(api: TestClient, **query: Any) -> list[dict[str, Any]]:
    """Every offer that a search finds."""
    offers, after = [], None
    while True:
        parameters = {"limit": 100, **query} | ({"after": after} if after else {})
        answer = api.get("/v1/opportunities", params=parameters)
        assert answer.status_code == 200, answer.text
        offers += answer.json()["items"]
        after = answer.json()["next"]
        if after is None:
            return offers


# Searching


def test_several_kinds_are_alternatives(api: TestClient) -> None:
    everything = search(api)
    offers = search(api, kind=["agr", "training"])
    assert [item["id"] for item in offers] == [
        item["id"] for item in everything if item["kind"] != "employment"
    ]
    assert search(api, kind=["employment", "agr", "training"]) == everything


def test_every_condition_returns_exactly_the_matching_offers(api: TestClient) -> None:
    everything = search(api)

    def stated(item: dict[str, Any], name: str) -> Any:
        return item["details"].get(name)

    def pay(item: dict[str, Any]) -> float:
        period = PayPeriod(stated(item, "pay_period") or "month")
        monthly = (stated(item, "pay_max") or stated(item, "pay_min") or 0) * PERIODS_PER_MONTH[period]
        amount = stated(item, "amount_max") or stated(item, "amount_min") or 0
        return float(max(monthly, amount, stated(item, "allowance") or 0))

    def closes(item: dict[str, Any]) -> date | None:
        return item["valid_through"] and datetime.fromisoformat(item["valid_through"]).date()

    soon = now().date() + timedelta(days=40)
    conditions: dict[str, tuple[Any, Callable[[dict[str, Any]], bool]]] = {
        "education": (1, lambda item: item["eligibility"].get("education_min", 0) <= 1),
        "contract": ("permanent", lambda item: stated(item, "contract") == "permanent"),
        "amount_min": (150_000, lambda item: pay(item) >= 150_000),
        "free_only": ("true", lambda item: stated(item, "cost") == 0),
        "closing_before": (soon, lambda item: closes(item) is not None and closes(item) <= soon),
        "near": ("CM-CE", lambda item: item["location"].get("region") == "CM-CE"),
    }
    for name, (value, meets) in conditions.items():
        offers = [item["id"] for item in search(api, **{name: value})]
        assert offers == [item["id"] for item in everything if meets(item)], name
        assert 0 < len(offers) < len(everything), name


def test_a_search_by_words_returns_the_best_matches_first_page_by_page(api: TestClient) -> None:
    whole = [item["id"] for item in search(api, words="formation couture")]
    assert len(whole) == len(set(whole)) > 5
    assert [item["id"] for item in search(api, words="formation couture", limit=2)] == whole
    newest_first = [item["id"] for item in search(api)]
    assert whole != [id_ for id_ in newest_first if id_ in whole]
    within = [item["id"] for item in search(api, words="formation couture", kind="training")]
    assert set(within) < set(whole)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"kind": ["agr", "job"]}, "kind"),
        ({"sector": "magic"}, "sector"),
        ({"contract": "forever"}, "contract"),
        ({"near": "nowhere"}, "near"),
        ({"within_km": "20"}, "near"),
        ({"near": "CM-LT", "within_km": "0"}, "within_km"),
        ({"near": "CM-LT", "within_km": "1001"}, "within_km"),
        ({"education": "9"}, "education"),
        ({"amount_min": "0"}, "amount_min"),
        ({"amount_min": "9" * 30}, "amount_min"),
        ({"free_only": "perhaps"}, "free_only"),
        ({"closing_before": "soon"}, "closing_before"),
        ({"open_on": "0001-01-01"}, "open_on"),
        ({"posted_since": "9999-12-31"}, "posted_since"),
        ({"words": "x" * 201}, "words"),
        ({"words": "a", "after": "nonsense"}, "after"),
        ({"sort": "best"}, "sort"),
        ({"sort": "nearest"}, "near"),
    ],
)
def test_an_invalid_query_parameter_is_named(api: TestClient, query: dict[str, Any], field: str) -> None:
    answer = api.get("/v1/opportunities", params=query)
    assert answer.status_code == 422, answer.text
    assert [fault["field"] for fault in answer.json()["errors"]] == [field]


def test_offers_are_sorted_as_on_the_pages_and_counted_once(api: TestClient) -> None:
    everything = search(api)
    closing = search(api, sort="closing", limit=7)
    assert {item["id"] for item in closing} == {item["id"] for item in everything}
    days = [item["valid_through"] or "9999" for item in closing]
    assert days == sorted(days)
    assert search(api, sort="nearest", near="CM-OU-01", limit=5)[0]["location"]["region"] == "CM-OU"
    first = api.get("/v1/opportunities", params={"sort": "closing", "limit": 7}).json()
    assert first["total"] == len(everything)
    rest = api.get("/v1/opportunities", params={"sort": "closing", "limit": 7, "after": first["next"]})
    assert rest.json()["total"] is None
    refused = api.get("/v1/opportunities", params={"sort": "best"}, headers={"Accept-Language": "en"})
    assert "newest" in refused.text
    assert "closing" in refused.text


@SETTINGS
@given(query=st.dictionaries(st.sampled_from(sorted(SearchQuery.model_fields)), st.text(max_size=40)))
def test_any_query_is_answered_or_refused(api: TestClient, query: dict[str, str]) -> None:
    assert api.get("/v1/opportunities", params=query).status_code in (200, 422)


DAY = st.dates(date(1900, 1, 1), date(2100, 12, 31)).map(str)
VALID_FIELDS = {
    "words": st.sampled_from(["", "couture", "…", "🙂"]),
    "near": st.sampled_from(["CM-LT", "CM-OU-03", "CM-LT-0101"]),
    "amount_min": st.integers(1, 1_000_000_000),
    "closing_before": DAY,
    "open_on": DAY,
    "posted_since": DAY,
}


@SETTINGS
@given(query=st.fixed_dictionaries({}, optional=VALID_FIELDS))
def test_every_valid_query_is_answered(api: TestClient, query: dict[str, Any]) -> None:
    assert api.get("/v1/opportunities", params=query).status_code == 200


def test_the_documentation_shows_every_condition(api: TestClient) -> None:
    described = api.get("/v1/openapi.json").json()
    parameters = {
        parameter["name"]: parameter
        for parameter in described["paths"]["/v1/opportunities"]["get"]["parameters"]
    }
    assert parameters.keys() == SearchQuery.model_fields.keys()
    assert parameters["kind"]["schema"]["type"] == "array"
    for name in ("FollowIn", "FollowedOut", "ReasonIn", "AlertsIn", "SearchShape"):
        assert described["components"]["schemas"][name]["example"], name
    example = described["components"]["schemas"]["SearchShape"]["example"]
    assert SearchShape(**example).to_search().free_only


# Saving and dismissing


def test_an_offer_is_saved_once_and_listed(awa: Caller, other: Caller) -> None:
    first, second = (item["id"] for item in search(awa.api, limit=100)[:2])
    for id_ in (first, second, first):
        awa.call("PUT", f"saved/{id_}", 204)
    items = awa.call("GET", "saved")["items"]
    assert [item["opportunity"]["id"] for item in items] == [second, first]
    assert [item["open"] for item in items] == [True, True]
    assert other.call("GET", "saved") == {"items": []}
    for _ in range(2):
        awa.call("DELETE", f"saved/{first}", 204)
    assert [item["opportunity"]["id"] for item in awa.call("GET", "saved")["items"]] == [second]
    awa.call("PUT", f"saved/{uuid4()}", 404)
    awa.call("PUT", "saved/x", 422)


def test_an_offer_is_dismissed_with_a_reason_and_the_dismissal_is_undone(awa: Caller, other: Caller) -> None:
    id_ = search(awa.api)[0]["id"]
    for reason in DismissalReason:
        awa.call("PUT", f"dismissed/{id_}", 204, json={"reason": reason.value})
        [item] = awa.call("GET", "dismissed")["items"]
        assert (item["opportunity"]["id"], item["reason"]) == (id_, reason.value)
    assert other.call("GET", "dismissed") == {"items": []}
    for body in ({}, {"reason": "ugly"}, {"reason": "other", "why": "x"}):
        awa.call("PUT", f"dismissed/{id_}", 422, json=body)
    awa.call("PUT", f"dismissed/{uuid4()}", 404, json={"reason": "other"})
    awa.call("DELETE", f"dismissed/{id_}", 204)
    assert awa.call("GET", "dismissed") == {"items": []}


def test_a_dismissed_offer_is_not_recommended(awa: Caller, house: Any) -> None:
    with house.database.write() as session:
        yes = {Purpose.MATCHING: True}
        profile.save_consents(session, person(awa.id), awa.id, yes, language="en", channel="rest")
        profile.save_answer(session, person(awa.id), awa.id, Question.AGE, {"birth_year": 1998})
    first = [item["opportunity"]["id"] for item in awa.call("GET", "recommendations?limit=5")["items"]]
    assert len(first) == 5
    for id_ in first[:2]:
        awa.call("PUT", f"dismissed/{id_}", 204, json={"reason": "too_far"})
    again = [item["opportunity"]["id"] for item in awa.call("GET", "recommendations?limit=5")["items"]]
    assert len(again) == 5
    assert not set(first[:2]) & set(again)


# Searches


def test_a_search_is_followed_listed_changed_run_and_deleted(awa: Caller, other: Caller) -> None:
    followed = awa.call("POST", "searches", 201, json={"search": SEARCH, "alerts": True})
    assert followed["text"].replace("\u00a0", " ") == (
        "“couture” · Small business, Training · Douala and 50 km around"
    )
    assert {name: followed["search"][name] for name in SEARCH} == SEARCH | {"kinds": ["agr", "training"]}
    assert followed["alerts"]
    assert awa.call("GET", "searches") == {"items": [followed]}
    path = f"searches/{followed['id']}"
    assert awa.call("PATCH", path, json={"alerts": False}) == followed | {
        "alerts": False,
        "looked_at": awa.call("GET", "searches")["items"][0]["looked_at"],
    }
    query = {**SEARCH, "kind": SEARCH["kinds"]}
    del query["kinds"]
    offers = awa.call("GET", f"{path}/offers", params={"limit": 100})
    assert [item["id"] for item in offers["items"]] == [item["id"] for item in search(awa.api, **query)]
    assert len(awa.call("GET", f"{path}/offers", params={"limit": 1})["items"]) <= 1
    for method, suffix, arguments in (
        ("PATCH", "", {"json": {"alerts": True}}),
        ("GET", "/offers", {}),
    ):
        other.call(method, path + suffix, 404, **arguments)
    other.call("DELETE", path, 204)
    assert len(awa.call("GET", "searches")["items"]) == 1
    awa.call("DELETE", path, 204)
    assert awa.call("GET", "searches") == {"items": []}
    awa.call("GET", f"{path}/offers", 404)


def test_an_equal_search_is_followed_once_and_ten_at_most(awa: Caller) -> None:
    first = awa.call("POST", "searches", 201, json={"search": SEARCH})
    again = awa.call("POST", "searches", 201, json={"search": SEARCH, "alerts": True})
    assert (first["id"], first["alerts"], again["alerts"]) == (again["id"], False, True)
    for number in range(9):
        awa.call("POST", "searches", 201, json={"search": {"words": f"trade {number}"}})
    refusal = awa.call("POST", "searches", 409, json={"search": {"words": "one more"}})
    assert "10 searches" in refusal["detail"]


def test_a_repeated_call_with_the_same_key_follows_nothing_more(awa: Caller) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    body = {"search": SEARCH, "alerts": True}
    first = awa.call("POST", "searches", 201, json=body, headers=key)
    awa.call("DELETE", f"searches/{first['id']}", 204)
    assert awa.call("POST", "searches", 201, json=body, headers=key) == first
    assert awa.call("GET", "searches") == {"items": []}
    awa.call("POST", "searches", 409, json={"search": {}}, headers=key)


@pytest.mark.parametrize(
    "body",
    [
        {"search": {"kinds": ["job"]}},
        {"search": {"within_km": 5}},
        {"search": {"region": "CM-LT-01"}},
        {"search": {"open_on": "0001-01-01"}},
        {"search": {"person": "Awa"}},
        {"search": None},
        {},
    ],
)
def test_an_invalid_search_is_refused(awa: Caller, body: dict[str, Any]) -> None:
    awa.call("POST", "searches", 422, json=body)
    assert awa.call("GET", "searches") == {"items": []}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "saved"),
        ("PUT", f"saved/{UUID(int=1)}"),
        ("DELETE", f"saved/{UUID(int=1)}"),
        ("GET", "dismissed"),
        ("PUT", f"dismissed/{UUID(int=1)}"),
        ("DELETE", f"dismissed/{UUID(int=1)}"),
        ("GET", "searches"),
        ("POST", "searches"),
        ("PATCH", f"searches/{UUID(int=1)}"),
        ("DELETE", f"searches/{UUID(int=1)}"),
        ("GET", f"searches/{UUID(int=1)}/offers"),
    ],
)
def test_strangers_are_asked_to_sign_in(api: TestClient, method: str, path: str) -> None:
    assert api.request(method, f"/v1/me/{path}").status_code == 401
