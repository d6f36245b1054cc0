"""A body over 1 MB is refused before it is read whole."""

import asyncio
import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from oim.channels.rest.body_limit import BODY_MAX

CHUNK = b" " * 65536
TEN_MB = 160  # chunks


async def _post(app: Any, headers: dict[str, str], chunks: int) -> tuple[int, dict[str, Any], int]:
    """Status, body, and number of chunks read, of a POST with a body of `chunks` chunks."""
    chunk_count, messages = 0, []

    async def receive() -> dict[str, Any]:
        nonlocal chunk_count
        chunk_count += 1
        return {"type": "http.request", "body": CHUNK, "more_body": chunk_count < chunks}

    async def send(message: Any) -> None:
        messages.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "path": "/v1/recommendations",
        "raw_path": b"/v1/recommendations",
        "root_path": "",
        "scheme": "http",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    await app(scope, receive, send)
    return messages[0]["status"], json.loads(messages[1]["body"]), chunk_count


@pytest.mark.parametrize("length", [None, "10485760", "7", "x", "-1"])
def test_a_body_over_the_limit_is_refused_before_it_is_read_whole(
    api: TestClient, length: str | None
) -> None:
    headers = {"content-type": "application/json"} | ({"content-length": length} if length else {})
    status, problem, chunk_count = asyncio.run(_post(api.app, headers, TEN_MB))
    assert status == 413
    assert problem["type"] == "urn:oim:problem:http-413"
    assert problem["title"] == "La requête est trop grande"
    assert problem["detail"] == "Ce que vous avez envoyé dépasse 1\u00a0Mo. Envoyez-en moins à la fois."
    assert chunk_count * len(CHUNK) <= BODY_MAX + len(CHUNK)


@pytest.mark.parametrize(("size", "status"), [(BODY_MAX, 422), (BODY_MAX + 1, 413)])
def test_the_body_limit_is_exact_to_the_byte(api: TestClient, size: int, status: int) -> None:
    body = b'{"text": "' + b"x" * (size - 12) + b'"}'
    assert len(body) == size
    response = api.post("/v1/recommendations", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
