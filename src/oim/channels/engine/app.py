"""The routes of the engine: each parses the request, calls the engine and returns JSON.

All but `/healthz` require the shared secret as a bearer token.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from pydantic import AwareDatetime, BaseModel, Field

from oim.channels.http.cancellation import CancellableRoute
from oim.channels.http.tokens import TokenGuard
from oim.features.matching import ANSWER, WORD_HITS, Answer, Engine, Profile
from oim.kit.errors import BadInputError, NotFoundError, OimError

# Any other error of ours is a 503. The client restores the class of an error from its code.
STATUSES: dict[type[OimError], int] = {BadInputError: 422, NotFoundError: 404}


class RecommendIn(BaseModel):
    """A profile, and how many offers to recommend; the rest as in `Engine.recommend`."""

    profile: Profile
    limit: int
    shown: bool = False
    known: bool = False
    words_only: bool = False


class RecommendKnownIn(BaseModel):
    """A person with a stored profile, and how many offers to recommend. `shown`: they will see them."""

    person: UUID
    limit: int
    shown: bool = False


class FindIn(BaseModel):
    """Words to search by, and how many offers to find; the rest as in `Engine.find_by_words`."""

    text: str
    limit: int
    known: bool = False
    words_only: bool = False


class IndexPendingIn(BaseModel):
    """How many pending changes of offers to apply to the index."""

    limit: int = Field(ge=1, le=5000)


class SwapIn(BaseModel):
    """The name of an index to serve, and the instant of the offers that it was built from."""

    name: str
    since: AwareDatetime


def create_engine_app(engine: Engine, token: str) -> FastAPI:
    """Create the ASGI application of an engine. `token`: the shared secret; without it, all is refused."""
    # No documentation: the only client is ours.
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.add_exception_handler(OimError, _handle_oim_error)

    # Open to all, for whoever supervises the process: it says no more than that the process answers.
    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/health")
    def health() -> dict[str, Any]:
        return asdict(engine.health())

    @app.post("/index-pending")
    def index_pending(body: IndexPendingIn) -> dict[str, int]:
        return {"indexed": engine.index_pending(body.limit)}

    @app.post("/swap")
    def swap(body: SwapIn) -> dict[str, str]:
        engine.swap(body.name, body.since)
        return {"serving": body.name}

    app.include_router(_create_reading_router(engine))
    app.add_middleware(TokenGuard, token=token, open_path="/healthz")
    return app


def _create_reading_router(engine: Engine) -> APIRouter:
    """Create the routes that people wait for. They are not begun for a caller that has left."""
    router = APIRouter(route_class=CancellableRoute)

    @router.post("/recommend")
    def recommend(body: RecommendIn) -> Response:
        answer = engine.recommend(
            body.profile, body.limit, shown=body.shown, known=body.known, words_only=body.words_only
        )
        return _answer_response(answer)

    @router.post("/recommend-known")
    def recommend_known(body: RecommendKnownIn) -> Response:
        return _answer_response(engine.recommend_for_person(body.person, body.limit, shown=body.shown))

    @router.post("/find")
    def find(body: FindIn) -> Response:
        hits = engine.find_by_words(body.text, body.limit, known=body.known, words_only=body.words_only)
        return Response(WORD_HITS.dump_json(hits), media_type="application/json")

    return router


def _answer_response(answer: Answer) -> Response:
    """Convert an answer to JSON with the adapter by which the client reads it."""
    return Response(ANSWER.dump_json(answer), media_type="application/json")


async def _handle_oim_error(_: Request, error: Exception) -> JSONResponse:
    """Answer an error of ours in the form from which the client restores it."""
    if not isinstance(error, OimError):
        raise error
    # The message stays untranslated and without its values: the client's channel puts it in words.
    content = {
        "code": error.code,
        "message": error.message,
        "values": error.values,
        "field": error.field if isinstance(error, BadInputError) else None,
    }
    return JSONResponse(jsonable_encoder(content), status_code=STATUSES.get(type(error), 503))
