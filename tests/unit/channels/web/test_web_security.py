"""The protection of the pages (headers, forms of other sites, caching) and their size."""

import gzip
import itertools
import re

import pytest
from starlette.testclient import TestClient
from web_stand_ins import TAILOR, Browser, OffersInMemory, StubEngine, recommendation

from oim.channels.web.assets import MEDIA_TYPES, asset_url
from oim.features.matching.answer import Answer, Reason, ReasonCode

FIRST_VIEW, WHOLE = 14 * 1024, 50 * 1024  # bytes, compressed


@pytest.mark.parametrize(
    "path", ["/", "/fr/", f"/fr/opportunities/{TAILOR}", "/fr/nowhere", "/static/style.css"]
)
def test_every_response_has_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path, follow_redirects=False).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["img-src"] == "'self' data:"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert "geolocation=()" in headers["permissions-policy"]


def test_a_failure_has_the_security_headers_too(client: TestClient, catalogue: OffersInMemory) -> None:
    catalogue.error = RuntimeError()
    answer = client.get("/fr/")
    assert answer.status_code == 500
    assert "content-security-policy" in answer.headers


def test_the_api_is_unchanged_by_the_pages(client: TestClient) -> None:
    answer = client.get("/v1/thing")
    assert answer.json() == {"is": "the API"}
    assert "content-security-policy" not in answer.headers
    assert client.get("/v1/nothing").json() == {"detail": "Not Found"}
    assert client.post("/v1/thing").status_code == 405


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
        ({"Origin": "http://testserver"}, 200),
        ({"Origin": "http://testserver:81"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://["}, 403),
    ],
)
def test_a_form_from_another_site_is_refused(
    client: TestClient, engine: StubEngine, headers: dict[str, str], status: int
) -> None:
    answer = client.post("/fr/recommendations", data={"text": "couture"}, headers=headers)
    assert answer.status_code == status
    assert (engine.profile is None) == (status == 403)
    assert answer.headers["cache-control"] == "no-store"


def test_a_body_that_is_too_long_is_refused(client: TestClient) -> None:
    for size in (70_000, 4_000_000):
        answer = client.post("/fr/recommendations", content=b"text=" + b"a" * size)
        assert answer.status_code == 413
        assert "Votre texte est trop long pour partir en une fois." in answer.text
        assert "raccourcissez-le" in answer.text


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"text=%ff%00", b"&&&=;", b"%", b'{"text": "json"}'])
def test_an_odd_body_is_answered_without_failure(client: TestClient, body: bytes) -> None:
    assert client.post("/fr/recommendations", content=body).status_code == 200


@pytest.mark.parametrize("name", MEDIA_TYPES)
def test_files_are_cached_for_long_only_with_their_fingerprint(client: TestClient, name: str) -> None:
    answer = client.get(asset_url(name))
    assert answer.headers["content-type"] == MEDIA_TYPES[name]
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    for other in (f"/static/{name}", f"/static/{name}?v=old"):
        assert client.get(other).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/fr/", "/en/", f"/fr/opportunities/{TAILOR}"])
def test_pages_have_no_script_or_inline_style_and_load_nothing_from_elsewhere(
    browser: Browser, path: str
) -> None:
    page = browser.open(path)
    assert page.css("script, style, iframe, img, [style]") == []
    assert all(not name.startswith("on") for node in page.css("*") for name in node.attributes)
    # The page in the other language is named, and not fetched.
    fetched = [node.attributes["href"] for node in page.css("link:not([rel=alternate])")]
    language = path[1:3]
    assert fetched == [asset_url("style.css"), f"/{language}/manifest.webmanifest", asset_url("icon.svg")]


def test_the_style_sheet_loads_nothing_from_elsewhere(client: TestClient) -> None:
    sheet = client.get(asset_url("style.css")).text
    assert "@import" not in sheet
    assert "@font-face" not in sheet
    assert all(target.startswith('"data:') for target in re.findall(r"url\(([^)]{6})", sheet))


def compressed_size(client: TestClient, path: str) -> int:
    answer = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    return len(gzip.compress(answer.content, 9))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_first_view_is_within_its_size_budget(client: TestClient, language: str) -> None:
    first = compressed_size(client, f"/{language}/") + compressed_size(client, asset_url("style.css"))
    assert first <= FIRST_VIEW
    assert first + len(client.get(asset_url("icon.svg")).content) <= WHOLE


def test_ids_are_unique_and_labels_refer_to_fields(browser: Browser, engine: StubEngine) -> None:
    engine.answer = Answer(items=(recommendation(TAILOR, Reason(ReasonCode.FOR_WOMEN)),), missing=())
    for page in (
        browser.open("/fr/"),
        browser.search(text="couture"),
        browser.search(code=400, birth_year="x"),
    ):
        ids = [node.attributes["id"] for node in page.css("[id]")]
        assert len(ids) == len(set(ids))
        pointed = [n.attributes["for"] for n in page.css("label[for]")]
        described = [
            i for n in page.css("[aria-describedby]") for i in n.attributes["aria-describedby"].split()
        ]
        assert set(pointed + described) <= set(ids)
        levels = [int(node.tag[1]) for node in page.css("h1, h2, h3")]
        assert levels[0] == 1
        assert all(deeper - level <= 1 for level, deeper in itertools.pairwise(levels))


def test_results_are_not_cached_and_set_no_cookie(client: TestClient) -> None:
    answer = client.post("/fr/recommendations", data={"status": "returnee"})
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
