"""The security headers of the API: on every answer, whoever makes it."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from oim.channels.http.security_headers import API_HEADERS
from oim.channels.http.services import Services
from oim.channels.rest import create_app

ANSWERS = [
    ("GET", "/v1/opportunities", 200),
    ("GET", "/healthz", 200),
    ("GET", "/metrics", 401),
    ("GET", "/v1/me/profile", 401),
    ("GET", "/v1/nothing", 404),
    ("GET", "/docs/assets/nothing", 404),
    ("DELETE", "/v1/opportunities", 405),
    ("POST", "/v1/recommendations", 422),
]


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
def test_answers_have_the_security_headers(api: TestClient, method: str, path: str, status: int) -> None:
    answer = api.request(method, path)
    assert answer.status_code == status
    assert {name: answer.headers[name] for name in API_HEADERS} == API_HEADERS


def test_an_error_that_nobody_foresaw_has_them(house: Any) -> None:
    app = create_app(Services(house.database, house.engine, house.sign_in, house.blobs))

    @app.get("/v1/fails")
    def fail() -> None:
        raise RuntimeError

    answer = TestClient(app, "https://testserver", raise_server_exceptions=False).get("/v1/fails")
    assert answer.status_code == 500
    assert {name: answer.headers[name] for name in API_HEADERS} == API_HEADERS


def test_the_page_of_the_documentation_loads_from_nowhere_else(api: TestClient) -> None:
    policy = api.get("/docs").headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy
