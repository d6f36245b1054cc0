"""Query parameters that a route does not have are refused by their names, on every route."""

import re
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from route_list import all_routes

ROUTES = sorted(
    route
    for route in all_routes()
    if re.match(r"\w+ /(v1/|openapi|healthz|metrics)", route) and "/docs" not in route
)


def call(api: TestClient, route: str, query: str, language: str = "en") -> Any:
    method, path = route.split(" ")
    path = re.sub(r"\{\w+\}", str(UUID(int=1)), path)
    return api.request(method, f"{path}?{query}", headers={"Accept-Language": language})


@pytest.mark.parametrize("route", ROUTES)
def test_an_unknown_parameter_is_refused_by_its_name(api: TestClient, route: str) -> None:
    answer = call(api, route, "cursor=x")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [fault["field"] for fault in answer.json()["errors"]] == ["cursor"]
    assert "“cursor”" in answer.json()["detail"]


def test_the_answer_lists_the_parameters_that_there_are(api: TestClient) -> None:
    detail = call(api, "GET /v1/opportunities", "limit=5&q=maçon", "fr").json()["detail"].replace("\xa0", " ")
    assert detail.startswith("Il n’y a pas de paramètre « q » ici. Il y a : words, region, ")
    assert "after, limit" in detail
    assert call(api, "GET /v1/me/saved", "q=x").json()["detail"].endswith("this address takes none.")


@pytest.mark.parametrize(
    "name", ["a" * 5000, "%ED%A0%80", "%25(x)s", "Idempotency-Key", "opportunity_id", ""]
)
def test_any_name_is_refused(api: TestClient, name: str) -> None:
    """Those of headers and of the path too: as a parameter they would say nothing."""
    answer = call(api, "POST /v1/opportunities/{opportunity_id}/reports", f"{name}=x")
    assert answer.status_code == 422
    assert len(answer.content) < 1000
