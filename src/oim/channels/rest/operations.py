"""For those who run it: `/healthz` and `/metrics`."""

from __future__ import annotations

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from oim.features.matching.ports import Engine
from oim.kit.db import Database
from oim.kit.errors import OimError


def create_router(database: Database, engine: Engine) -> APIRouter:
    """The routes, asking a database and an engine how they are."""
    router = APIRouter(tags=["operations"])

    @router.get("/healthz")
    def healthz(response: Response) -> dict[str, str]:
        """200 when the database and the engine answer, else 503 and which does not."""
        states = {"database": _database_state(database), "engine": _engine_state(engine)}
        well = all(state == "ok" for state in states.values())
        response.status_code = 200 if well else 503
        return {"status": "ok" if well else "failing", **states}

    @router.get("/metrics", response_class=Response)
    def metrics() -> Response:
        """Counters and timings of this process, in Prometheus' text form."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


def _database_state(database: Database) -> str:
    try:
        with database.read() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        return type(error).__name__
    return "ok"


def _engine_state(engine: Engine) -> str:
    try:
        engine.health()
    except OimError as error:
        return error.code
    return "ok"
