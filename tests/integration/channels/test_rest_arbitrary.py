"""Arbitrary JSON, queries and headers are answered or refused, and never make the API fail."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from oim.features import places
from oim.features.opportunities import Gender, Kind, Status
from oim.kit.text import has_controls

SETTINGS = settings(max_examples=40, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
TEXT = st.text(st.characters(codec=None), max_size=60)  # lone surrogates, NUL and all
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
PHRASES = st.sampled_from(
    [
        "couturière à Bafoussam",
        "je veux un prêt pour élever des poulets",
        "driver in Buea",
        "Est",
        "x\0y",
        "…",
    ]
)
VALID_FIELDS = {
    "text": PHRASES | TEXT,
    "birth_year": st.integers(1900, 2100),
    "gender": st.sampled_from(Gender),
    "statuses": st.lists(st.sampled_from(Status), max_size=5),
    "region": st.sampled_from([region.code for region in places.regions()]),
    "department": st.sampled_from(["CM-OU-03", "CM-LT-04"]),
    "commune": st.sampled_from(["CM-OU-0301", "CM-LT-0401"]),
    "education": st.integers(0, 8),
    "occupations": st.lists(st.sampled_from(["7531", "6122", "9999", "", "x"]), max_size=20),
    "experience_years": st.integers(0, 80),
    "kinds": st.lists(st.sampled_from(Kind), max_size=3),
    "limit": st.integers(1, 50),
}
PROFILE = st.fixed_dictionaries({}, optional=VALID_FIELDS)
SPOILT_PROFILE = st.fixed_dictionaries(
    {}, optional={name: values | JSON for name, values in VALID_FIELDS.items()}
)
PROBLEM = {"type", "title", "status", "detail", "errors"}


def post(api: TestClient, body: Any) -> tuple[int, dict[str, Any]]:
    content = json.dumps(body).encode()
    response = api.post("/v1/recommendations", content=content, headers={"Content-Type": "application/json"})
    answer: dict[str, Any] = response.json()
    if response.status_code == 200:
        assert set(answer) == {"items", "missing", "took_ms", "words_only", "list_id", "advice"}
    else:
        assert response.status_code in (400, 422), response.text
        assert response.headers["content-type"] == "application/problem+json"
        assert set(answer) <= PROBLEM
    return response.status_code, answer


@SETTINGS
@given(body=JSON)
@example(body={"\ud800": "\ud800"})
@example(body={"text": "\ud800"})
@example(body={"limit": float("nan")})
def test_any_json_is_answered_or_refused(api: TestClient, body: Any) -> None:
    post(api, body)


@SETTINGS
@given(body=SPOILT_PROFILE)
def test_a_profile_with_arbitrary_values_is_answered_or_refused(
    api: TestClient, body: dict[str, Any]
) -> None:
    post(api, body)


@SETTINGS
@given(body=PROFILE)
def test_every_valid_profile_is_answered(api: TestClient, body: dict[str, Any]) -> None:
    status, answer = post(api, body)
    if status != 200:
        assert [fault["field"] for fault in answer["errors"]] == ["text"]
        text = body["text"]
        assert has_controls(text) or any("\ud800" <= letter <= "\udfff" for letter in text)
        return
    assert len(answer["items"]) <= body.get("limit", 10)
    kinds = set(body.get("kinds", []))
    assert all(item["opportunity"]["kind"] in kinds for item in answer["items"] if kinds)
    assert all(reason["text"] for item in answer["items"] for reason in item["reasons"])


@SETTINGS
@given(
    query=st.dictionaries(st.sampled_from(["kind", "region", "after", "limit", "x"]), st.text(max_size=40))
)
@example(query={"after": "1e18~00000000-0000-0000-0000-000000000000"})
@example(query={"after": "-62135596800~00000000-0000-0000-0000-000000000000"})
@example(query={"region": "\0"})
def test_any_query_is_answered_or_refused(api: TestClient, query: dict[str, str]) -> None:
    response = api.get("/v1/opportunities", params=query)
    assert response.status_code in (200, 422), response.text


@SETTINGS
@given(id_=st.text(max_size=40).filter(lambda text: text.strip("./")))
def test_any_identifier_is_answered_or_refused(api: TestClient, id_: str) -> None:
    response = api.get("/v1/opportunities/" + quote(id_, safe=""))
    assert response.status_code in (404, 422), response.text


@pytest.mark.parametrize("accept", ["\xff\xfe", "en" * 2000, "*;q=0", ",,,;;;", "en;q=nan", "fr;q=-1"])
def test_any_accept_language_header_is_answered(api: TestClient, accept: str) -> None:
    response = api.post("/v1/recommendations", json={}, headers={"Accept-Language": accept.encode("latin-1")})
    assert response.status_code == 200
    assert response.headers["content-language"] in ("fr", "en")
