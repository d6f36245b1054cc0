"""The engine's routes: each parses, calls the engine, answers JSON. All but `/healthz` ask for the secret."""

from __future__ import annotations

import hmac
from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, FastAPI, Header, HTTPException, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, BaseModel, Field

from oim.features.matching import ANSWER, Answer, Engine, Profile
from oim.kit.errors import BadInputError, NotFoundError, OimError

STATUSES: dict[type[OimError], int] = {BadInputError: 422, NotFoundError: 404}


class RecommendIn(BaseModel):
    """A profile, and how many offers are wanted."""

    profile: Profile
    limit: int
    shown: bool = False


class RecommendKnownIn(BaseModel):
    """A person whose profile is kept, and how many offers are wanted."""

    person: UUID
    limit: int
    shown: bool = False


class FindIn(BaseModel):
    """Words, and how many offers are wanted."""

    text: str
    limit: int


class IndexPendingIn(BaseModel):
    """How many waiting changes to take."""

    limit: int = Field(ge=1, le=5000)


class SwapIn(BaseModel):
    """The name of an index, and the instant as of which it was built."""

    name: str
    since: AwareDatetime


def create_engine_app(engine: Engine, token: str) -> FastAPI:
    """The ASGI application of one engine."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    guarded = [Depends(_require_token(token))]
    app.add_exception_handler(OimError, _handle_oim_error)

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/health", dependencies=guarded)
    def health() -> dict[str, Any]:
        return asdict(engine.health())

    @app.post("/recommend", dependencies=guarded)
    def recommend(body: RecommendIn) -> JSONResponse:
        return _answer_response(engine.recommend(body.profile, body.limit, shown=body.shown))

    @app.post("/recommend-known", dependencies=guarded)
    def recommend_known(body: RecommendKnownIn) -> JSONResponse:
        return _answer_response(engine.recommend_for_person(body.person, body.limit, shown=body.shown))

    @app.post("/find", dependencies=guarded)
    def find(body: FindIn) -> dict[str, list[UUID]]:
        return {"ids": engine.find_by_words(body.text, body.limit)}

    @app.post("/index-pending", dependencies=guarded)
    def index_pending(body: IndexPendingIn) -> dict[str, int]:
        return {"indexed": engine.index_pending(body.limit)}

    @app.post("/swap", dependencies=guarded)
    def swap(body: SwapIn) -> dict[str, str]:
        engine.swap(body.name, body.since)
        return {"serving": body.name}

    return app


def _answer_response(answer: Answer) -> JSONResponse:
    return JSONResponse(ANSWER.dump_python(answer, mode="json"))


def _require_token(token: str) -> Any:
    def check(authorization: Annotated[str, Header()] = "") -> None:
        if not token or not hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
            raise HTTPException(401)

    return check


async def _handle_oim_error(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, OimError):
        raise error
    told = {
        "code": error.code,
        "message": error.message,
        "values": error.values,
        "field": error.field if isinstance(error, BadInputError) else None,
    }
    return JSONResponse(jsonable_encoder(told), status_code=STATUSES.get(type(error), 503))
