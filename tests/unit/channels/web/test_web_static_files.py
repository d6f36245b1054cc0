"""The static files: what the style sheet does not contain, and what a browser may keep of the others."""

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from oim.channels import web

STYLE = Path(web.__file__).parent / "static" / "style.css"


def test_no_colour_depends_on_the_language() -> None:
    # The journeys check the contrast of a state in one language only.
    style = STYLE.read_text("utf-8")
    assert "--" in style
    assert ":lang" not in style
    assert "[lang" not in style


def test_no_colour_depends_on_the_width() -> None:
    # The journeys check the contrast of a state on a telephone only.
    style = STYLE.read_text("utf-8")
    wider = re.findall(r"@media \(min-width[^{]*\{((?:[^{}]*\{[^{}]*\})*)", style)
    assert len(wider) >= 2
    assert [block for block in wider if re.search(r"colou?r|background|opacity|var\(--", block)] == []


@pytest.mark.parametrize(
    ("path", "cache_control"),
    [
        ("/fr/manifest.webmanifest", "public, max-age=60"),
        ("/en/manifest.webmanifest", "public, max-age=60"),
        ("/sw.js", "no-cache"),
    ],
)
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_files_without_a_fingerprint_are_sent_once(
    client: TestClient, path: str, cache_control: str, encoding: str
) -> None:
    headers = {"Accept-Encoding": encoding}
    first = client.get(path, headers=headers)
    assert first.headers["cache-control"] == cache_control
    again = client.get(path, headers=headers | {"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert "content-security-policy" in again.headers


def test_a_file_is_another_where_it_is_compressed_or_in_another_language(client: TestClient) -> None:
    tags = {
        client.get(f"/{language}/manifest.webmanifest", headers={"Accept-Encoding": encoding}).headers["etag"]
        for language in ("fr", "en")
        for encoding in ("gzip", "identity")
    }
    assert len(tags) == 4
