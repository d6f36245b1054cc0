"""Recommendations, lists of offers and single offers of the REST API, for valid requests."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from oim.features.opportunities import Kind
from oim.features.opportunities.rows import make_offer_id
from oim.kit.clock import now


def recommend(api: TestClient, language: str = "fr", **profile: Any) -> dict[str, Any]:
    response = api.post("/v1/recommendations", json=profile, headers={"Accept-Language": language})
    assert response.status_code == 200, response.text
    assert response.headers["content-language"] == language
    assert response.headers["cache-control"] == "no-store"
    answer: dict[str, Any] = response.json()
    return answer


def pages(api: TestClient, **query: Any) -> list[list[dict[str, Any]]]:
    """Every page of a list, to its end."""
    all_pages, after = [], None
    while True:
        response = api.get("/v1/opportunities", params=query | ({"after": after} if after else {}))
        assert response.status_code == 200, response.text
        page = response.json()
        all_pages.append(page["items"])
        after = page["next"]
        if after is None:
            return all_pages
        assert len(all_pages) < 100, "the pages do not end"


def test_a_profile_gets_a_ranked_list_with_reasons(api: TestClient) -> None:
    answer = recommend(api, text="je veux élever des poulets", region="CM-OU", birth_year=1998, limit=5)
    items = answer["items"]
    assert 1 <= len(items) <= 5
    assert [item["rank"] for item in items] == list(range(1, len(items) + 1))
    for item in items:
        assert 0 < item["score"] <= 1
        assert sum(item["parts"].values()) == pytest.approx(item["score"], abs=1e-3)
        assert all(reason["text"] and "%(" not in reason["text"] for reason in item["reasons"])
    assert any(item["reasons"] for item in items)
    assert not {"text", "place", "age"} & {missing["code"] for missing in answer["missing"]}
    assert {item["eligibility"]["state"] for item in items} <= {"eligible", "unknown"}


def test_reasons_and_hints_are_in_the_requested_language(api: TestClient) -> None:
    profile = {"text": "je veux élever des poulets", "kinds": ["agr"], "limit": 3}
    french, english = recommend(api, "fr", **profile), recommend(api, "en", **profile)
    codes = [[reason["code"] for reason in item["reasons"]] for item in french["items"]]
    assert codes == [[reason["code"] for reason in item["reasons"]] for item in english["items"]]
    kinds = {
        reason["text"]
        for answer in (french, english)
        for item in answer["items"]
        for reason in item["reasons"]
        if reason["code"] == "kind"
    }
    assert kinds == {
        "Un appui à une activité, comme vous le demandez",
        "Support for a small business, as you asked",
    }
    assert french["missing"][0] == {"code": "place", "text": "l’endroit où vous vivez"}
    assert english["missing"][0] == {"code": "place", "text": "where you live"}


@pytest.mark.parametrize("kind", list(Kind))
def test_only_the_requested_kinds_are_recommended(api: TestClient, kind: Kind) -> None:
    items = recommend(api, kinds=[kind.value], limit=50)["items"]
    assert items
    assert {item["opportunity"]["kind"] for item in items} == {kind.value}


def test_an_empty_profile_gets_an_answer_without_closed_offers(api: TestClient) -> None:
    answer = recommend(api)
    assert len(answer["items"]) == 10
    assert [missing["code"] for missing in answer["missing"]][:2] == ["text", "place"]
    for item in recommend(api, limit=50)["items"]:
        until = item["opportunity"]["valid_through"]
        assert until is None or datetime.fromisoformat(until) >= now()


@pytest.mark.parametrize("text", ["🙂" * 500, "\u200e", "%(x)s", "x" * 4000])
def test_odd_texts_are_answered(api: TestClient, text: str) -> None:
    recommend(api, text=text)


def test_paging_returns_every_offer_exactly_once(api: TestClient) -> None:
    small, large = pages(api, limit=7), pages(api, limit=100)
    assert len(large) == 1
    assert [len(page) for page in small[:-1]] == [7] * (len(small) - 1)
    paged = [item["id"] for page in small for item in page]
    assert paged == [item["id"] for item in large[0]]
    assert len(set(paged)) == len(paged) > 30
    published = [datetime.fromisoformat(i["published_at"] or i["first_seen_at"]) for i in large[0]]
    assert published == sorted(published, reverse=True)


def test_filters_return_exactly_the_matching_offers(api: TestClient) -> None:
    whole = [item for page in pages(api, limit=100) for item in page]
    for kind in Kind:
        filtered = [item["id"] for page in pages(api, kind=kind.value, limit=5) for item in page]
        assert filtered == [item["id"] for item in whole if item["kind"] == kind.value]
    west = [item["id"] for page in pages(api, region="CM-OU", kind="training", limit=2) for item in page]
    assert west == [
        item["id"]
        for item in whole
        if item["location"].get("region") == "CM-OU" and item["kind"] == "training"
    ]


def test_a_page_past_the_end_is_empty(api: TestClient) -> None:
    first = datetime(1990, 1, 1, tzinfo=UTC).timestamp()
    response = api.get("/v1/opportunities", params={"after": f"{first:.6f}~{UUID(int=0)}"})
    assert response.json() == {"items": [], "total": None, "next": None, "words_only": False}


def test_one_offer_has_the_same_content_as_in_the_list(api: TestClient) -> None:
    for item in pages(api, limit=100)[0]:
        response = api.get(f"/v1/opportunities/{item['id']}")
        assert response.status_code == 200
        assert response.json() == item


def test_values_that_are_not_stated_are_left_out_or_null(api: TestClient, house: Any) -> None:
    drafts = {str(make_offer_id("sample", draft.external_id)): draft for draft in house.drafts}
    # Other tests on this database may have published offers of their own.
    items = [item for page in pages(api, limit=100) for item in page if item["id"] in drafts]
    assert len(items) > len(drafts) / 2
    for item in items:
        draft = drafts[item["id"]]
        assert item["organisation"] == draft.organisation
        assert item["places"] == draft.places
        assert (item["published_at"] is None) == (draft.published_at is None)
        for group in ("location", "details", "eligibility"):
            values = asdict(getattr(draft, group))
            assert set(item[group]) == {name for name in values if values[name] not in (None, ())}


def test_a_closed_offer_is_not_listed_but_can_still_be_read(api: TestClient) -> None:
    closed = str(make_offer_id("sample", "closed"))
    assert closed not in {item["id"] for item in pages(api, limit=100)[0]}
    response = api.get(f"/v1/opportunities/{closed}")
    assert response.status_code == 200
    assert datetime.fromisoformat(response.json()["valid_through"]) < now()


def test_health_has_the_state_of_both_parts(api: TestClient) -> None:
    response = api.get("/healthz")
    assert response.status_code == 200
    parts = {"status": "ok", "database": "ok", "engine": "ok"}
    assert response.json() == {**parts, "ready": True, "degraded": []}
