"""`Idempotency-Key`: a call that creates something, sent again with the key, creates nothing more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from oim.channels.rest.dependencies import CallerOf
from oim.kit.db import IdempotentCall, StoredResult, WriteSession, run_once

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        description="A text of your choice, new for each thing to create. Sent again within 48 hours with "
        "the same body, the call gives the same answer and creates nothing; with another body it is refused.",
        examples=["7e1f8a62-3c51-4f5e-9a55-5d1f0a5f3b1c"],
    ),
]


@dataclass(frozen=True, slots=True)
class Idempotency:
    """What is to be done once, where a key was given."""

    request: IdempotentCall | None

    def respond(self, session: WriteSession, status: int, create: Callable[[], BaseModel]) -> Response:
        """The response of `create`, now or at the first call, by the route's status. Raises ConflictError."""

        def produce() -> bytes:
            return create().model_dump_json().encode()

        if self.request:
            result = run_once(session, self.request, produce)
        else:
            result = StoredResult(produce(), is_replay=False)
        headers = {"Cache-Control": "no-store"}
        if result.is_replay:
            headers["Idempotency-Replayed"] = "true"
        return Response(result.content, status, headers, "application/json")


async def _get_idempotency(request: Request, caller: CallerOf, key: IdempotencyKey = None) -> Idempotency:
    if key is None:
        return Idempotency(None)
    route = f"{request.method} {request.url.path}"
    return Idempotency(IdempotentCall(caller.id, route, key, await request.body()))


IdempotencyOf = Annotated[Idempotency, Depends(_get_idempotency)]
