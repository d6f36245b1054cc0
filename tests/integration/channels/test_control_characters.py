"""NUL and characters that reverse the direction of writing: refused by the API, removed by the pages."""

from __future__ import annotations

import asyncio
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from oim.channels.rest.control_characters import _find_field

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


@pytest.mark.parametrize("media_type", ["application/JSON", "APPLICATION/json", "application/problem+json"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_they_are_refused_however_the_body_is_declared(
    api: TestClient, media_type: str, encoding: str
) -> None:
    for text in ('{"text": "a\u202eb"}', '{"text": "a\\u202Eb"}', '{"text": "a\\u0000b"}'):
        headers = {"Content-Type": media_type}
        answer = api.post("/v1/recommendations", content=text.encode(encoding), headers=headers)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "text"


def test_a_body_that_no_route_reads_is_not_read(api_app: FastAPI) -> None:
    """An endless body would fill the memory: uploads are read piece by piece, other routes read nothing."""
    for method, path in (("PUT", "/v1/me/cv"), ("GET", "/v1/me/cv"), ("GET", "/v1/opportunities")):
        read = asyncio.run(_count_reads(api_app, method, path))
        # Once, where a route looks whether the client is still there.
        assert read <= 1, path


async def _count_reads(app: Any, method: str, path: str) -> int:
    """Call with a body of JSON that never ends; count how often more of it was asked for."""
    reads = 0

    async def receive() -> dict[str, object]:
        nonlocal reads
        reads += 1
        if reads > 5:
            raise RuntimeError
        return {"type": "http.request", "body": b"[" * 1000, "more_body": True}

    async def send(_: Any) -> None:
        """Take the answer, which says that nobody is signed in."""

    headers = [(b"host", b"testserver"), (b"content-type", b"application/json")]
    scope = {
        **{"type": "http", "method": method, "path": path, "query_string": b"", "scheme": "https"},
        **{"http_version": "1.1", "headers": headers, "client": ("127.0.0.1", 1)},
        "server": ("testserver", 443),
    }
    await app(scope, receive, send)
    return reads


def test_looking_through_a_body_takes_little_memory(api: TestClient) -> None:
    """Its breadth and the length of its names are the caller's choice."""
    body = {"a" * 400_000: [0] * 200_000, "b": [[["\u202e"]]]}
    tracemalloc.start()
    try:
        assert _find_field(body) == "b.0.0.0"
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


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
        browser.post("/fr/recommendations", data={"text": words}, follow_redirects=True),
    ):
        assert answer.status_code == 200, answer.text
        assert "coudre" in answer.text
        assert control not in answer.text


@pytest.mark.parametrize("query", ["%0%000", "%e2%80%a%00e", "%e2%80%%e2%80%aeae", "\u202e", "%E2%81%A6"])
def test_no_removal_makes_another(web: Callable[..., TestClient], query: str) -> None:
    answer = web().get(f"/fr/opportunities?words=coudre{query}")
    assert answer.status_code == 200
    assert not set(CONTROLS) & set(answer.text)


def _fill(body: object, control: str) -> object:
    """Put a character in place of each `{}` in the texts of a body."""
    if isinstance(body, dict):
        return {name.replace("{}", control): _fill(value, control) for name, value in body.items()}
    if isinstance(body, list):
        return [_fill(value, control) for value in body]
    return body.replace("{}", control) if isinstance(body, str) else body
