"""For those who run it: `/healthz` and `/metrics`."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPMethod
from time import perf_counter

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oim.channels.http.services import ServicesOf
from oim.kit.db import Database
from oim.kit.errors import OimError, UnavailableError

REQUESTS = Counter("oim_http_requests", "Requests answered.", ("method", "route", "status"))
SECONDS = Histogram("oim_http_request_seconds", "Time to answer a request.", ("route",))
KNOWN_METHODS = frozenset(HTTPMethod)


router = APIRouter(tags=["operations"])


@router.get(
    "/healthz",
    summary="Say whether this works",
    responses={503: {"description": "The same, naming what does not answer"}},
)
def healthz(services: ServicesOf, response: Response) -> dict[str, str]:
    """200 when the database and the engine answer, else 503 and which does not."""
    states = {
        "database": _health_state(lambda: _ping_database(services.database)),
        "engine": _health_state(services.engine.health),
    }
    well = all(state == "ok" for state in states.values())
    response.status_code = 200 if well else 503
    return {"status": "ok" if well else "failing", **states}


@router.get("/metrics", summary="Count and time what was asked", response_class=PlainTextResponse)
def metrics() -> Response:
    """Counters and timings of this process, in Prometheus' text form."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _ping_database(database: Database) -> None:
    with database.read() as session:
        session.execute(text("SELECT 1"))


def _health_state(check: Callable[[], object]) -> str:
    try:
        check()
    except (OimError, SQLAlchemyError):
        return UnavailableError.code
    return "ok"


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
