"""Health, metrics, the OpenAPI description and its page."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from route_list import all_routes

from oim.channels.http.services import Services
from oim.channels.rest import create_app
from oim.channels.rest.strict_model import StrictModel
from oim.kit import disk
from oim.kit.errors import UnavailableError
from oim.kit.faults import Fault, publish_faults, read_faults

READER = {"Authorization": "Bearer secret"}  # of the metrics


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic secret", "secret"])
def test_nobody_reads_the_metrics_without_their_token(api: TestClient, token: str) -> None:
    response = api.get("/metrics", headers={"Authorization": token} if token else {})
    assert response.status_code == 401
    assert "oim_http" not in response.text


def test_without_a_token_in_the_settings_nobody_reads_the_metrics(database: Any, engine: Any) -> None:
    nothing: Any = None
    client = TestClient(create_app(Services(database, engine, nothing, nothing)))
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
    database: Any, engine: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "measure_disk", lambda _: (150_000_000, 10**12))
    (tmp_path / "run").mkdir()
    since = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
    fault = Fault("worker", "exit status 1", since, "cannot open /home/oim/run/beat")
    assert publish_faults(tmp_path, "stack", {"site": None, "worker": fault})
    services = Services(database, engine, cast(Any, None), cast(Any, None), partial(read_faults, tmp_path))
    response = TestClient(create_app(services)).get("/healthz")
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
    assert re.match(accepted[1], description(api)["openapi"])


def description(api: TestClient) -> dict[str, Any]:
    response = api.get("/v1/openapi.json")
    assert response.status_code == 200
    described: dict[str, Any] = response.json()
    return described


def operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def test_every_route_is_described(api: TestClient) -> None:
    documented = {(method, path): operation for method, path, operation in operations(description(api))}
    served = {(method.lower(), path) for method, path in (route.split(" ") for route in all_routes())}
    api_own = {(method, path) for method, path in served if path.startswith("/v1/")}
    assert set(documented) == api_own - {("get", "/v1/openapi.json")} | {
        ("get", "/healthz"),
        ("get", "/metrics"),
    }
    for operation in documented.values():
        assert len(operation["summary"].split()) > 1, "a summary says more than the function's name"
        assert operation["description"]
    assert len({operation["operationId"] for operation in documented.values()}) == len(documented)


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes(inner)


def test_the_description_is_valid(api: TestClient) -> None:
    described = description(api)
    assert re.fullmatch(r"3\.1\.\d", described["openapi"])
    assert described["info"]["title"]
    assert described["info"]["version"]
    schemas = described["components"]["schemas"]
    used = set()
    for node in nodes(described):
        if "$ref" in node:
            assert node["$ref"].startswith("#/components/schemas/")
            used.add(node["$ref"].removeprefix("#/components/schemas/"))
        assert "nullable" not in node, "OpenAPI 3.1 has the type `null` instead"
    assert used == set(schemas)
    for _, path, operation in operations(described):
        names = {
            parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "path"
        }
        assert names == set(re.findall(r"\{(\w+)\}", path))
        assert {"200", "201", "202", "204"} & set(operation["responses"])
        assert all(response["description"] for response in operation["responses"].values())


JSON = ["application/json"]
KINDS: dict[str, list[str]] = {"200": JSON, "201": JSON, "202": JSON, "204": []}
FILES = {"/v1/me/cv/{document_id}/original", "/v1/staff/applications/{application_id}/cv"}


def bodies(described: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The schema of every request and response body under `/v1`, with its operation."""
    for method, path, operation in operations(described):
        request_content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        response_contents = [
            response["content"]["application/json"]
            for status, response in operation["responses"].items()
            if status.startswith("2") and "application/json" in response.get("content", {})
        ]
        for body in [*([request_content] if request_content else []), *response_contents]:
            if path.startswith("/v1/"):
                yield f"{method} {path}", body["schema"]


def test_every_body_shows_an_example(api: TestClient) -> None:
    described = description(api)
    schemas = described["components"]["schemas"]
    bare = []
    for name, schema in bodies(described):
        reference = next((node["$ref"] for node in nodes(schema) if "$ref" in node), "")
        if "example" not in schemas.get(reference.rpartition("/")[2], schema):
            bare.append(name)
    assert bare == []


def models(base: type[StrictModel] = StrictModel) -> Iterator[type[StrictModel]]:
    for model in base.__subclasses__():
        yield model
        yield from models(model)


def test_examples_fit_their_models(api: TestClient) -> None:
    for model in models():
        extra = model.model_config.get("json_schema_extra")
        if isinstance(extra, dict):
            model.model_validate_json(json.dumps(extra["example"]))


def test_every_post_that_creates_takes_an_idempotency_key(api: TestClient) -> None:
    """POST routes that create nothing are the exceptions."""
    nothing = {"/v1/recommendations", "/v1/events", "/v1/me/applications/{application_id}/withdrawal"}
    bare = [
        path
        for method, path, operation in operations(description(api))
        if method == "post"
        and path not in nothing
        and "Idempotency-Key" not in {parameter["name"] for parameter in operation.get("parameters", [])}
    ]
    assert bare == []


def test_responses_have_the_documented_media_types(api: TestClient) -> None:
    described = description(api)
    for _, path, operation in operations(described):
        if path.startswith("/v1/"):
            for status, response in operation["responses"].items():
                kinds = KINDS.get(status, ["application/problem+json"])
                if path in FILES and status == "200":
                    kinds = ["application/octet-stream"]
                assert list(response.get("content", [])) == kinds
    problem = api.post("/v1/recommendations", json={"limit": 0}).json()
    schema = described["components"]["schemas"]["Problem"]
    assert set(schema["required"]) <= set(problem) <= set(schema["properties"])


def test_the_documented_example_of_a_profile_is_answered(api: TestClient) -> None:
    schema = description(api)["components"]["schemas"]["RecommendationRequest"]
    assert api.post("/v1/recommendations", json=schema["example"]).status_code == 200
    assert json.dumps(schema["example"])
