"""NUL and characters that reverse the direction of writing: refused by the API, removed by the pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

CONTROLS = ["\0", "\u202a", "\u202e", "\u2066", "\u2069"]
LOOK_ALIKE = "cap\u200bture \u200e\u061c é"  # invisible too, but they change no order; no fault


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": "coudre{}"}, "text"),
        ({"text": "coudre", "kinds": ["job", "{}"]}, "kinds.1"),
        ({"text": "coudre", "x{}": 1}, "body"),
        ({"text": {"a": [{"b": "{}"}]}}, "text.a.0.b"),
    ],
)
def test_the_api_refuses_them_in_a_body(api: TestClient, control: str, body: object, field: str) -> None:
    answer = api.post("/v1/recommendations", json=_fill(body, control))
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert "invisibles" in answer.json()["detail"]
    assert control not in answer.text


@pytest.mark.parametrize("control", CONTROLS)
def test_the_api_refuses_them_in_a_query(api: TestClient, control: str) -> None:
    answer = api.get("/v1/opportunities", params={"text": f"couture{control}"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "text"


def test_the_api_accepts_a_number_as_a_telephone_copies_it(api: TestClient) -> None:
    answer = api.post("/v1/sign-in/codes", json={"contact": "\u202a+237 677 00 91 37\u202c"})
    assert answer.status_code == 202, answer.text


def test_the_api_accepts_what_only_looks_like_them(api: TestClient) -> None:
    assert api.post("/v1/recommendations", json={"text": LOOK_ALIKE}).status_code == 200


@pytest.mark.parametrize("body", [b"{", b"\xff", b'{"text": "\\ud800"}', b"[" * 100_000, b""])
def test_a_body_that_is_no_json_is_answered_as_before(api: TestClient, body: bytes) -> None:
    answer = api.post("/v1/recommendations", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (200, 400, 422)
    assert "invisibles" not in answer.text


@pytest.mark.parametrize("control", CONTROLS)
def test_the_pages_remove_them(web: Callable[..., TestClient], control: str) -> None:
    browser = web()
    words = f"coudre{control}"
    for answer in (
        browser.get("/fr/opportunities", params={"words": words}),
        browser.post("/fr/recommendations", data={"text": words}),
    ):
        assert answer.status_code == 200, answer.text
        assert "coudre" in answer.text
        assert control not in answer.text


def _fill(body: object, control: str) -> object:
    """Put a character in place of each `{}` in the texts of a body."""
    if isinstance(body, dict):
        return {name.replace("{}", control): _fill(value, control) for name, value in body.items()}
    if isinstance(body, list):
        return [_fill(value, control) for value in body]
    return body.replace("{}", control) if isinstance(body, str) else body
