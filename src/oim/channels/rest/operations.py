"""For those who run it: `/healthz` and `/metrics`."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from oim.features.matching.ports import Engine
from oim.kit.db import Database
from oim.kit.errors import OimError, UnavailableError


def create_router(database: Database, engine: Engine) -> APIRouter:
    """The routes, asking a database and an engine how they are."""
    router = APIRouter(tags=["operations"])

    @router.get(
        "/healthz",
        summary="Say whether this works",
        responses={503: {"description": "The same, naming what does not answer"}},
    )
    def healthz(response: Response) -> dict[str, str]:
        """200 when the database and the engine answer, else 503 and which does not."""
        states = {
            "database": _health_state(lambda: _ping_database(database)),
            "engine": _health_state(engine.health),
        }
        well = all(state == "ok" for state in states.values())
        response.status_code = 200 if well else 503
        return {"status": "ok" if well else "failing", **states}

    @router.get("/metrics", summary="Count and time what was asked", response_class=PlainTextResponse)
    def metrics() -> Response:
        """Counters and timings of this process, in Prometheus' text form."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


def _ping_database(database: Database) -> None:
    with database.read() as session:
        session.execute(text("SELECT 1"))


def _health_state(check: Callable[[], object]) -> str:
    try:
        check()
    except (OimError, SQLAlchemyError):
        return UnavailableError.code
    return "ok"
