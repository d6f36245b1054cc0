"""`Idempotency-Key`: a call that creates something, repeated with the same key, creates nothing more.

The repeated call gets the response of the first one. A client may thus retry when it received no answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from oim.channels.http.requests import client_address
from oim.channels.rest.dependencies import CallerOf
from oim.features.sign_in import RunOnce
from oim.kit.crypto import Vault
from oim.kit.db import Database, IdempotentCall, StoredResult, WriteSession, find_result, run_once
from oim.kit.errors import OimError

T = TypeVar("T")
REPLAYED_HEADER = "Idempotency-Replayed"  # of a response that an earlier call with the same key was given
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        description="A text of your choice, new for each thing to create. Repeated with the same key and "
        "body within 48 hours, a call gets the same response and creates nothing; another body is refused.",
        examples=["7e1f8a62-3c51-4f5e-9a55-5d1f0a5f3b1c"],
    ),
]


@dataclass(frozen=True, slots=True)
class Idempotency:
    """Runs what a call creates once per key. `request` is None if the caller sent no key."""

    request: IdempotentCall | None

    def answer(self, database: Database, status: int, act: Callable[[], Response]) -> Response:
        """Answer by `act`, or at once with the response of an earlier call with this key.

        For calls with a slow or counted part before their transaction (a limit, a PIN, a code), which a
        repeated call must not go through again. `act` ends with `respond` in a transaction of its own.
        Raises ConflictError if the key was used with another body.
        """
        if earlier := self._find(database, status):
            return earlier
        try:
            return act()
        except OimError:
            # The same call may have succeeded meanwhile, and have used up what this one asked for.
            if earlier := self._find(database, status):
                return earlier
            raise

    def answer_acting(
        self,
        database: Database,
        status: int,
        act: Callable[[RunOnce[T]], object],
        build: Callable[[WriteSession, T], BaseModel],
        read: Callable[[Response], T],
    ) -> Response:
        """Answer like `answer`, by an act that makes its result in a transaction of its own.

        `act` passes on what it is given, as `run`. `build` describes a result for the response; `read` gets
        it back, since the response may be that of an earlier call.
        """
        responses: list[Response] = []

        def run(session: WriteSession, create: Callable[[], T]) -> T:
            responses.append(self.respond(session, status, lambda: build(session, create())))
            return read(responses[-1])

        def act_once() -> Response:
            act(run)
            return responses[-1]

        return self.answer(database, status, act_once)

    def derive_secret(self, vault: Vault) -> str | None:
        """Derive a secret text that repeated calls have in common. None without a key."""
        if self.request is None:
            return None
        owner, content = str(self.request.owner or ""), self.request.content.decode("latin-1")
        return vault.sign("idempotent", owner, self.request.scope, self.request.key, content)

    def _find(self, database: Database, status: int) -> Response | None:
        """Find the response of an earlier call with this key."""
        if self.request is None:
            return None
        with database.read() as session:
            result = find_result(session, self.request)
        return _build_response(result, status) if result else None

    def respond(self, session: WriteSession, status: int, create: Callable[[], BaseModel]) -> Response:
        """Respond with what `create` returns, now or at the first call with this key.

        `status` is that of the route. Raises ConflictError if the key was used with another body.
        """

        def produce() -> bytes:
            # Stored as JSON, so a replay sends the very bytes of the first response.
            return create().model_dump_json().encode()

        if self.request:
            result = run_once(session, self.request, produce)
        else:
            result = StoredResult(produce(), is_replay=False)
        return _build_response(result, status)


def _build_response(result: StoredResult, status: int) -> Response:
    """Build the response of a first call, or of one that repeats it."""
    # The response may hold personal data or the token of a session.
    headers = {"Cache-Control": "no-store"}
    if result.is_replay:
        headers[REPLAYED_HEADER] = "true"
    return Response(result.content, status, headers, "application/json")


async def _get_idempotency(request: Request, caller: CallerOf, key: IdempotencyKey = None) -> Idempotency:
    """The idempotency of a request: by its key, its caller, its method and path, and its body."""
    if key is None:
        return Idempotency(None)
    # Strangers are apart by their address: keys of one must not meet those of another.
    place = "" if caller.id else f"{client_address(request)} "
    route = f"{place}{request.method} {request.url.path}"
    # FastAPI has read the body already, for the route; Starlette keeps it, so that it can be read again.
    return Idempotency(IdempotentCall(caller.id, route, key, await request.body()))


IdempotencyOf = Annotated[Idempotency, Depends(_get_idempotency)]
