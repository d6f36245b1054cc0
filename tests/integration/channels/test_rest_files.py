"""Signed links to blobs: they work without a session, for one blob and until they expire."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlencode

import pytest
from fastapi.testclient import TestClient

from oim.channels.rest import files
from oim.kit.blob_links import BlobLink
from oim.kit.blobs import put_sealed, read_blob
from oim.kit.clock import now

KEY = "public/pack-1.zip"
NAME = 'paquet d’exemple & "x".zip'
CONTENT = bytes(range(256)) * 4096  # a mebibyte, in many chunks


@pytest.fixture
def link(house) -> str:
    house.blobs.put(KEY, CONTENT)
    until = int((now() + timedelta(minutes=5)).timestamp())
    return house.blobs.sign_link(house.database.vault, BlobLink(KEY, until, NAME, "application/zip"))


def test_a_link_works_without_a_session(api: TestClient, link: str) -> None:
    answer = api.get(link)
    assert answer.status_code == 200
    assert answer.content == CONTENT
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"].startswith(
        "attachment; filename*=UTF-8''paquet%20d%E2%80%99"
    )


@pytest.mark.parametrize(
    "change",
    [
        {"until": "99999999999"},
        {"name": "other.zip"},
        {"type": "text/html"},
        {"s": ""},
        {"s": "é" * 22},
        {"s": "A" * 22},
        {"until": "0"},
    ],
)
def test_a_link_that_was_changed_opens_nothing(api: TestClient, link: str, change: dict[str, str]) -> None:
    path, _, query = link.partition("?")
    answer = api.get(f"{path}?{urlencode(dict(parse_qsl(query)) | change)}")
    assert answer.status_code == 404
    assert "x" * 10 not in answer.text


def test_a_link_opens_no_other_blob(api: TestClient, house, link: str) -> None:
    house.blobs.put("public/pack-2.zip", b"two")
    for key in ("public/pack-2.zip", "public/../public/pack-2.zip", "public%2Fpack-2.zip", ""):
        assert api.get(link.replace(KEY, key)).status_code in {404, 405}
    assert api.get(link.partition("?")[0]).status_code == 404


def test_a_link_expires(api: TestClient, link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    until = int(dict(parse_qsl(link.partition("?")[2]))["until"])
    at = now()
    monkeypatch.setattr(files, "now", lambda: at)
    at += timedelta(seconds=until - at.timestamp() - 1)
    assert api.get(link).status_code == 200
    at += timedelta(seconds=1)
    assert api.get(link).status_code == 404


def test_a_link_to_a_blob_that_is_gone_is_not_found(api: TestClient, house, link: str) -> None:
    house.blobs.delete(KEY)
    assert api.get(link).status_code == 404


def test_a_link_to_a_sealed_blob_gives_nothing_readable(api: TestClient, house) -> None:
    put_sealed(house.blobs, house.database.vault, "documents/x", b"a CV of Awa" * 100)
    until = int((now() + timedelta(minutes=5)).timestamp())
    link = house.blobs.sign_link(house.database.vault, BlobLink("documents/x", until, "x", "application/pdf"))
    answer = api.get(link)
    assert answer.content == read_blob(house.blobs, "documents/x")
    assert b"Awa" not in answer.content
    house.blobs.delete("documents/x")
