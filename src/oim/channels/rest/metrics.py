"""How many requests, how they ended, how long they took: by route, so that nothing personal enters."""

from __future__ import annotations

from http import HTTPMethod
from time import perf_counter

from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUESTS = Counter("oim_http_requests", "Requests answered.", ("method", "route", "status"))
SECONDS = Histogram("oim_http_request_seconds", "Time to answer a request.", ("route",))
KNOWN_METHODS = frozenset(HTTPMethod)


class MetricsMiddleware:
    """Counts and times every request of an application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = perf_counter(), 500

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watch)
        finally:
            route = getattr(scope.get("route"), "path", "other")
            # Callers may invent methods, and each label is kept for as long as the process lives.
            method = scope["method"] if scope["method"] in KNOWN_METHODS else "other"
            REQUESTS.labels(method, route, status).inc()
            SECONDS.labels(route).observe(perf_counter() - started)
