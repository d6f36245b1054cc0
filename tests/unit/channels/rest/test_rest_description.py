"""The OpenAPI description: whole, true, and read well by whoever generates a client from it."""

import json
import re
from collections.abc import Iterator
from typing import Any, cast

import jsonschema_rs
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from route_list import all_routes

from oim.channels.http.services import Services
from oim.channels.rest import create_app
from oim.channels.rest.strict_model import list_examples

VERBS = {
    *("add", "answer", "change", "check", "create", "decide", "delete", "dismiss", "download", "draft"),
    *("end", "erase", "export", "follow", "get", "list", "mark", "move", "open", "read", "recommend"),
    *("redeem", "remove", "replace", "report", "request", "restore", "save", "set", "settle", "unsave"),
    *("upload", "withdraw"),
}
DUST = re.compile(r"_|\d|^Body|Input$|Output$|HTTPValidation")
CACHED = {"/v1/opportunities", "/v1/opportunities/{opportunity_id}"}
JSON = ["application/json"]
MEDIA_TYPES: dict[str, list[str]] = {"200": JSON, "201": JSON, "202": JSON, "204": [], "304": []}
FILES = {"/v1/me/cv/{document_id}/original", "/v1/staff/applications/{application_id}/cv"}


@pytest.fixture(scope="module")
def described(app: FastAPI) -> dict[str, Any]:
    """The description, made once for all tests: they only read it."""
    description: dict[str, Any] = json.loads(json.dumps(app.openapi()))
    return description


def operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes(inner)


def test_every_route_is_described(described: dict[str, Any]) -> None:
    documented = {(method, path): operation for method, path, operation in operations(described)}
    served = {(method.lower(), path) for method, path in (route.split(" ") for route in all_routes())}
    api_own = {(method, path) for method, path in served if path.startswith("/v1/")}
    assert set(documented) == api_own - {("get", "/v1/openapi.json")} | {
        ("get", "/healthz"),
        ("get", "/metrics"),
    }
    for operation in documented.values():
        assert len(operation["summary"].split()) > 1, "a summary says more than the function's name"
        assert operation["description"]


def test_the_description_lies_at_both_of_its_addresses(api: TestClient) -> None:
    answers = [api.get(path) for path in ("/openapi.json", "/v1/openapi.json")]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    etag = answers[0].headers["etag"]
    assert api.get("/openapi.json", headers={"If-None-Match": etag}).status_code == 304


def test_the_description_names_the_server(api: TestClient) -> None:
    nothing = cast(Any, None)
    app = create_app(Services(nothing, nothing, nothing, nothing, address="https://oim.example"))
    assert app.servers == [{"url": "https://oim.example"}], "which FastAPI copies into the description"
    assert api.get("/openapi.json").json()["servers"] == [{"url": "/"}], "where no address is set"


def test_functions_of_a_generated_client_have_readable_names(described: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(described)]
    assert len(set(ids)) == len(ids)
    assert [id_ for id_ in ids if not re.fullmatch(r"[a-z]+(_[a-z]+)+", id_)] == []
    assert {id_.split("_")[0] for id_ in ids} - VERBS == set(), "a verb comes first, then its object"


def test_classes_of_a_generated_client_have_readable_names(described: dict[str, Any]) -> None:
    names = set(described["components"]["schemas"])
    assert {name for name in names if DUST.search(name) or not name[0].isupper()} == set()


def test_the_description_is_valid(described: dict[str, Any]) -> None:
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
    schemes = set(described["components"]["securitySchemes"])
    assert {
        name
        for _, _, operation in operations(described)
        for use in operation.get("security", [])
        for name in use
    } == schemes


def test_every_operation_documents_what_any_call_may_be_answered(described: dict[str, Any]) -> None:
    wrong = []
    for method, path, operation in operations(described):
        counted = path.startswith("/v1/")
        # What any counted call may get, one with a body, one that needs a session, and one that is cached.
        expected = {
            **dict.fromkeys(("429", "503"), counted),
            **dict.fromkeys(("400", "413"), "requestBody" in operation),
            "422": True,
            "304": path in CACHED and method == "get",
        }
        if path == "/healthz":
            del expected["503"]  # its own
        wrong += [
            (method, path, status)
            for status, is_expected in expected.items()
            if (status in operation["responses"]) != is_expected
        ]
        if counted and {} not in operation["security"]:
            assert "401" in operation["responses"], path
    assert wrong == []


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


def test_every_body_shows_an_example(described: dict[str, Any]) -> None:
    schemas = described["components"]["schemas"]
    bare = []
    for name, schema in bodies(described):
        reference = next((node["$ref"] for node in nodes(schema) if "$ref" in node), "")
        if "example" not in schemas.get(reference.rpartition("/")[2], schema):
            bare.append(name)
    assert bare == []


def test_every_example_fits_its_schema(described: dict[str, Any]) -> None:
    components = {"components": described["components"]}
    faults = []
    for name, schema in described["components"]["schemas"].items():
        for example in [schema[key] for key in ("example",) if key in schema] + schema.get("examples", []):
            reference = {"$ref": f"#/components/schemas/{name}", **components}
            validator = jsonschema_rs.Draft202012Validator(reference, validate_formats=True)
            faults += [f"{name}: {error.message}" for error in validator.iter_errors(example)]
    for _, path, operation in operations(described):
        for parameter in operation.get("parameters", []):
            examples = (
                [parameter["example"]] if "example" in parameter else parameter["schema"].get("examples", [])
            )
            validator = jsonschema_rs.Draft202012Validator({**parameter["schema"], **components})
            faults += [f"{path}: {example}" for example in examples if not validator.is_valid(example)]
    assert faults == []


def test_examples_fit_their_models() -> None:
    examples = list(list_examples())
    assert len(examples) > 50
    for model, example in examples:
        model.model_validate_json(json.dumps(example))


def test_every_post_that_creates_takes_an_idempotency_key(described: dict[str, Any]) -> None:
    """POST routes that create nothing are the exceptions."""
    nothing = {"/v1/recommendations", "/v1/events", "/v1/me/applications/{application_id}/withdrawal"}
    # A ticket serves once: a second call is refused, and creates nothing.
    nothing |= {"/v1/pin-requests", "/v1/pin-requests/confirmations"}
    bare = [
        path
        for method, path, operation in operations(described)
        if method == "post"
        and path not in nothing
        and "Idempotency-Key" not in {parameter["name"] for parameter in operation.get("parameters", [])}
    ]
    assert bare == []


def test_responses_have_the_documented_media_types(described: dict[str, Any], api: TestClient) -> None:
    for _, path, operation in operations(described):
        if path.startswith("/v1/"):
            for status, response in operation["responses"].items():
                media_types = MEDIA_TYPES.get(status, ["application/problem+json"])
                if path in FILES and status == "200":
                    media_types = ["application/octet-stream"]
                assert list(response.get("content", [])) == media_types
    problem = api.post("/v1/recommendations", json={"limit": 0}).json()
    schema = described["components"]["schemas"]["Problem"]
    assert set(schema["required"]) <= set(problem) <= set(schema["properties"])


def test_the_documented_example_of_a_profile_is_answered(described: dict[str, Any], api: TestClient) -> None:
    schema = described["components"]["schemas"]["RecommendationRequest"]
    assert api.post("/v1/recommendations", json=schema["example"]).status_code == 200
