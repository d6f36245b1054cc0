"""For the operators of OIM: `/healthz`, `/metrics`, and the middleware that counts and times requests.

Metrics go by the template of a route, never by the path, so that no id or other personal data enters them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPMethod
from time import perf_counter

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import PlainTextResponse
from fastapi.security import HTTPBearer
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oim.channels.http.services import Services, ServicesOf
from oim.channels.http.threads import HEALTH
from oim.channels.http.tokens import is_bearer
from oim.channels.rest.problems import describe_problems
from oim.kit.environment import FOLDER_OF_METRICS
from oim.kit.errors import OimError, SignInError, UnavailableError
from oim.kit.faults import Fault
from oim.kit.i18n import mark

REQUESTS = Counter("oim_http_requests", "Requests answered.", ("method", "route", "status"))
SECONDS = Histogram("oim_http_request_seconds", "Time to answer a request.", ("route",))
# Clients may invent methods, and every label value takes memory for as long as the process lives.
KNOWN_METHODS = frozenset(HTTPMethod)


@dataclass(frozen=True, slots=True)
class DegradedPart:
    """A part that does not work: its name, why (`exit status 1`, `low`), and since when, if that is known."""

    part: str
    reason: str
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Health:
    """How the service does: `ok` or `failing`, and the state of each part."""

    status: str
    database: str
    engine: str
    ready: bool
    degraded: list[DegradedPart]


router = APIRouter(tags=["operations"])
# Named for the description: the token itself is compared by `is_bearer`.
_METRICS_TOKEN = HTTPBearer(
    scheme_name="MetricsToken", auto_error=False, description="The value of `OIM_METRICS_TOKEN`."
)


@router.get(
    "/healthz",
    summary="Check the health of the service",
    responses={
        503: {"description": "The same, with the part that does not answer", "model": Health},
        **describe_problems(422),
    },
)
async def check_health(services: ServicesOf, response: Response) -> Health:
    """200 if the database and the engine answer (`ready`), else 503; the body has the state of each.

    `degraded` are the parts that do not work, whether or not pages can be served all the same.
    """
    # In threads of its own: those of all other routes may be what has run out.
    health = await HEALTH.run(_check_parts, services)
    response.status_code = 200 if health.ready else 503
    return health


@router.get(
    "/metrics",
    summary="Read the metrics",
    response_class=PlainTextResponse,
    responses=describe_problems(401, 422),
    dependencies=[Depends(_METRICS_TOKEN)],
)
def read_metrics(request: Request, services: ServicesOf) -> Response:
    """Counters and timings of all processes of the site together, in the text format of Prometheus.

    For whoever presents `OIM_METRICS_TOKEN` as a bearer token. Raises SignInError.
    """
    if not is_bearer(request.headers.get("authorization", ""), services.metrics_token):
        raise SignInError(mark("Present the token of OIM_METRICS_TOKEN as a bearer token."))
    registry = REGISTRY
    # Set where several processes serve (`apps.site`): each writes its figures there, and any adds them up.
    if FOLDER_OF_METRICS in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _check_parts(services: Services) -> Health:
    """Ask each part that the site needs for an answer, and what is known not to work."""
    database, engine = _health_state(services.database.ping), _health_state(services.engine.health)
    well = database == engine == "ok"
    return Health(
        status="ok" if well else "failing",
        database=database,
        engine=engine,
        ready=well,
        degraded=[_describe_part(fault) for fault in services.find_faults()],
    )


def _describe_part(fault: Fault) -> DegradedPart:
    """Describe a fault to anybody: without the line of its log, which may hold paths and addresses."""
    return DegradedPart(fault.part, fault.cause, fault.since)


def _health_state(check: Callable[[], object]) -> str:
    """The state of a part: `ok` if its check passes, else `unavailable`."""
    try:
        check()
    except (OimError, SQLAlchemyError):
        return UnavailableError.code
    return "ok"


class MetricsMiddleware:
    """Middleware that counts and times every request of an application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Startup and shutdown of the server pass through here too (`lifespan`).
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # 500 until a response starts: an unexpected exception passes through before one is made of it.
        started, status = perf_counter(), 500

        async def send_noting_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_noting_status)
        finally:
            # The router sets `route` when a path matches. All unknown paths share one label.
            route = getattr(scope.get("route"), "path", "other")
            method = scope["method"] if scope["method"] in KNOWN_METHODS else "other"
            REQUESTS.labels(method, route, status).inc()
            SECONDS.labels(route).observe(perf_counter() - started)
