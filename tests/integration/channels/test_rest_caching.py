"""Public reads carry an `ETag`, and are answered 304 while nothing of them has changed."""

from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from oim.channels.http.cached_answers import hash_build
from oim.features.opportunities.catalogue import change_catalogue

PATHS = ["/v1/opportunities", "/v1/opportunities?words=couture&limit=5", "/v1/opportunities/{id}"]
CACHED = "public, max-age=60"


@pytest.fixture
def offer(api: TestClient) -> str:
    return str(api.get("/v1/opportunities", params={"limit": 1}).json()["items"][0]["id"])


@pytest.mark.parametrize("path", PATHS)
def test_a_client_that_has_the_answer_is_sent_none(api: TestClient, offer: str, path: str) -> None:
    path = path.format(id=offer)
    first = api.get(path)
    assert first.headers["cache-control"] == CACHED
    assert first.headers["vary"] == "Accept-Language, Authorization"
    etag = first.headers["etag"]
    assert etag.startswith('"')
    for tags in (etag, f'"other", {etag}', f"W/{etag}", "*"):
        again = api.get(path, headers={"If-None-Match": tags})
        assert (again.status_code, again.content) == (304, b"")
        assert {name: again.headers[name] for name in ("etag", "cache-control", "vary")} == {
            "etag": etag,
            "cache-control": CACHED,
            "vary": first.headers["vary"],
        }
    for tags in ('"other"', etag.strip('"'), etag[:-2] + '"'):
        assert api.get(path, headers={"If-None-Match": tags}).content == first.content


@pytest.mark.parametrize("path", PATHS)
def test_the_other_language_is_another_answer(api: TestClient, offer: str, path: str) -> None:
    path = path.format(id=offer)
    french, english = (api.get(path, headers={"Accept-Language": language}) for language in ("fr", "en"))
    assert (french.headers["content-language"], english.headers["content-language"]) == ("fr", "en")
    if french.content != english.content:
        assert french.headers["etag"] != english.headers["etag"]


def test_an_offer_that_did_not_change_is_not_read_again(
    api: TestClient, offer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    etag = api.get(f"/v1/opportunities/{offer}").headers["etag"]

    def fail(*_: object) -> None:
        raise AssertionError("the offer was read")

    monkeypatch.setattr("oim.features.opportunities.get", fail)
    assert api.get(f"/v1/opportunities/{offer}", headers={"If-None-Match": etag}).status_code == 304


def test_another_build_of_one_version_is_another_answer(
    api: TestClient, offer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/v1/opportunities/{offer}"
    etag = api.get(path).headers["etag"]
    monkeypatch.setattr("oim.channels.rest.opportunities.hash_build", lambda: "another")
    assert api.get(path, headers={"If-None-Match": etag}).status_code == 200


def test_the_build_is_hashed_once_in_a_process() -> None:
    hash_build.cache_clear()
    assert len({hash_build() for _ in range(3)}) == 1
    assert (hash_build.cache_info().misses, len(hash_build())) == (1, 64)


def test_a_change_of_the_catalogue_is_seen(api: TestClient, house: Any, offer: str) -> None:
    path = f"/v1/opportunities/{offer}"
    etag = api.get(path).headers["etag"]
    with house.database.write() as session:
        change_catalogue(session)
    # As a second later: the version is read once in a second.
    api.app.state.services.offers.versions._valid_until = 0  # type: ignore[attr-defined]
    assert api.get(path, headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize("headers", [{}, {"If-None-Match": "*"}, {"If-None-Match": '"x", W/*'}])
def test_what_is_missing_or_refused_is_not_cached(api: TestClient, headers: dict[str, str]) -> None:
    for path in (f"/v1/opportunities/{UUID(int=5)}", "/v1/opportunities?limit=0"):
        answer = api.get(path, headers=headers)
        assert answer.status_code in (404, 422)
        assert answer.headers["cache-control"] == "no-store"
        assert "etag" not in answer.headers


def test_a_list_by_the_words_alone_is_not_kept(api: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oim.channels.rest.dependencies.spend_search_points", lambda *_: True)
    answer = api.get("/v1/opportunities", params={"words": "couture"})
    assert answer.json()["words_only"]
    assert answer.headers["cache-control"] == "no-store"


def test_nothing_told_is_answered_by_what_to_tell_beside_recent_offers(api: TestClient) -> None:
    for body in ({}, {"text": "  "}, {"limit": 5}):
        french, english = (
            api.post("/v1/recommendations", json=body, headers={"Accept-Language": language}).json()
            for language in ("fr", "en")
        )
        assert french["items"]
        assert french["advice"].startswith("Dites-nous ce que vous savez faire")
        assert english["advice"].startswith("Tell us what you can do")
    for told in ({"text": "couture"}, {"region": "CM-OU"}, {"kinds": ["agr"]}, {"documents": []}):
        assert api.post("/v1/recommendations", json=told).json()["advice"] is None
