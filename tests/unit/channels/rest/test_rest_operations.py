"""Health, metrics, and the page of the documentation."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from oim.channels.http.services import Services
from oim.kit import disk
from oim.kit.errors import UnavailableError
from oim.kit.faults import Fault, publish_faults, read_faults

OpenApi = Callable[[Services], TestClient]
READER = {"Authorization": "Bearer secret"}  # of the metrics


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic secret", "secret"])
def test_nobody_reads_the_metrics_without_their_token(api: TestClient, token: str) -> None:
    response = api.get("/metrics", headers={"Authorization": token} if token else {})
    assert response.status_code == 401
    assert "oim_http" not in response.text


def test_without_a_token_in_the_settings_nobody_reads_the_metrics(
    database: Any, engine: Any, open_api: OpenApi
) -> None:
    nothing: Any = None
    client = open_api(Services(database, engine, nothing, nothing))
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 401


@pytest.mark.parametrize("down", [{"database"}, {"engine"}, {"database", "engine"}])
def test_health_names_the_part_that_does_not_answer(
    api: TestClient, database: Any, engine: Any, down: set[str]
) -> None:
    database.is_down = "database" in down
    engine.error = UnavailableError("away") if "engine" in down else None
    response = api.get("/healthz")
    assert response.status_code == 503
    expected = {part: "unavailable" if part in down else "ok" for part in ("database", "engine")}
    assert response.json() == {"status": "failing", **expected, "ready": False, "degraded": []}


def test_health_names_the_parts_that_are_started_again_and_nothing_internal(
    database: Any, engine: Any, open_api: OpenApi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "measure_disk", lambda _: (150_000_000, 10**12))
    (tmp_path / "run").mkdir()
    since = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
    fault = Fault("worker", "exit status 1", since, "cannot open /home/oim/run/beat")
    assert publish_faults(tmp_path, "stack", {"site": None, "worker": fault})
    services = Services(database, engine, cast(Any, None), cast(Any, None), partial(read_faults, tmp_path))
    response = open_api(services).get("/healthz")
    assert response.status_code == 200
    assert response.json() == {
        **{"status": "ok", "database": "ok", "engine": "ok", "ready": True},
        "degraded": [
            {"part": "worker", "reason": "exit status 1", "since": "2026-11-29T12:00:00Z"},
            {"part": "disk", "reason": "low", "since": None},
        ],
    }


def count_requests(api: TestClient) -> dict[tuple[str, str, str], float]:
    lines = re.findall(
        r'^oim_http_requests_total\{method="(.*?)",route="(.*?)",status="(.*?)"\} (.*)$',
        api.get("/metrics", headers=READER).text,
        re.MULTILINE,
    )
    return {(method, route, status): float(value) for method, route, status, value in lines}


def test_requests_are_counted_by_route_template(api: TestClient) -> None:
    before = count_requests(api)
    for number in range(3):
        api.get(f"/v1/opportunities/{UUID(int=number)}")
    api.post("/v1/recommendations", json={})
    api.post("/v1/recommendations", json={"limit": 0})
    api.get("/v1/secret-of-a-person")
    api.request("BREW", "/v1/opportunities")
    after = count_requests(api)
    differences = {
        key: value - before.get(key, 0) for key, value in after.items() if value != before.get(key, 0)
    }
    differences.pop(("GET", "/metrics", "200"), None)
    assert differences == {
        ("GET", "/v1/opportunities/{opportunity_id}", "404"): 3,
        ("POST", "/v1/recommendations", "200"): 1,
        ("POST", "/v1/recommendations", "422"): 1,
        ("GET", "other", "404"): 1,
        ("other", "/v1/opportunities", "405"): 1,
    }


def test_metrics_contain_no_personal_data(api: TestClient) -> None:
    id_ = UUID(int=123456789)
    api.post("/v1/recommendations", json={"text": "Ngono Marie", "commune": "CM-OU-0301"})
    api.get(f"/v1/opportunities/{id_}", params={"region": "CM-OU", "after": "cursor-of-somebody"})
    api.get("/v1/Ngono")
    text = api.get("/metrics", headers=READER).text
    for personal_text in ("Ngono", "Marie", str(id_), "cursor-of-somebody", "CM-OU", "testclient"):
        assert personal_text not in text
    assert "# TYPE oim_http_request_seconds histogram" in text


def test_an_unexpected_error_is_counted_as_a_500(api: TestClient, engine: Any) -> None:
    engine.error = RuntimeError("x")
    key = ("POST", "/v1/recommendations", "500")
    before = count_requests(api).get(key, 0)
    api.post("/v1/recommendations", json={})
    assert count_requests(api)[key] == before + 1


def test_the_documentation_loads_nothing_from_other_sites(api: TestClient) -> None:
    page = api.get("/docs")
    assert page.status_code == 200
    assert re.findall(r"(?:https?:)?//[\w.-]+\.\w+", page.text) == []
    assets = re.findall(r'(?:src|href)="(.*?)"', page.text)
    assert len(assets) == 3
    for path in assets:
        assert path.startswith("/docs/assets/")
        asset = api.get(path)
        assert asset.status_code == 200
        assert len(asset.content) > 100


def test_the_bundled_swagger_ui_can_show_the_description(api: TestClient) -> None:
    """Swagger UI shows only an error for a version of OpenAPI that it does not know."""
    script = api.get("/docs/assets/swagger-ui-bundle.js").text
    # How it recognises the version of a description, written as a regular expression.
    accepted = re.search(r"isOAS31=\w+=>\{.{0,100}?/(\^3.*?)/", script)
    assert accepted
    assert re.match(accepted[1], api.get("/openapi.json").json()["openapi"])
