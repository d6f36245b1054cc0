"""A client of a site in this process, for suites of thousands of requests."""

from __future__ import annotations

from typing import Any

import httpx2
from anyio.from_thread import BlockingPortal
from fastapi.testclient import TestClient
from starlette.types import ASGIApp


class _LoopTransport(httpx2.BaseTransport):
    """Answers a request by one call of a running event loop; the transport of `TestClient` makes seven."""

    def __init__(self, app: ASGIApp, portal: BlockingPortal, is_raising: bool) -> None:
        self._site: Any = httpx2.ASGITransport(app, is_raising, client=("testclient", 50000))
        self._portal = portal

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return self._portal.call(self._answer, request)

    async def _answer(self, request: httpx2.Request) -> httpx2.Response:
        answer = await self._site.handle_async_request(request)
        body = b"".join([part async for part in answer.stream])
        return httpx2.Response(answer.status_code, headers=answer.headers, stream=httpx2.ByteStream(body))


def open_site_client(
    app: ASGIApp, portal: BlockingPortal, *, raise_server_exceptions: bool = True, **values: Any
) -> TestClient:
    """A `TestClient` over one event loop for all requests, with whole responses."""
    client = TestClient(app, "https://testserver", **values)
    client._transport = _LoopTransport(app, portal, raise_server_exceptions)
    return client
