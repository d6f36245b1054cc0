"""`Idempotency-Key`: a call that creates something, sent again with the key, creates nothing more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from oim.channels.rest.dependencies import CallerOf
from oim.kit.db import IdempotentCall, StoredResult, WriteSession, run_once

KeyOf = Annotated[
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
class Once:
    """What is to be done once, where a key was given."""

    asked: IdempotentCall | None

    def answer(self, session: WriteSession, status: int, make: Callable[[], BaseModel]) -> Response:
        """The answer of `make`, now or the first time. Raises ConflictError."""

        def do() -> tuple[int, bytes]:
            return status, make().model_dump_json().encode()

        given = run_once(session, self.asked, do) if self.asked else StoredResult(*do(), is_replay=False)
        headers = {"Cache-Control": "no-store"} | (
            {"Idempotency-Replayed": "true"} if given.is_replay else {}
        )
        return Response(given.content, given.code, headers, "application/json")


async def _once(request: Request, caller: CallerOf, key: KeyOf = None) -> Once:
    if key is None:
        return Once(None)
    route = f"{request.method} {request.url.path}"
    return Once(IdempotentCall(caller.id, route, key, await request.body()))


OnceOf = Annotated[Once, Depends(_once)]
