"""Idempotency keys of strangers are apart by their address, those of people are not."""

import asyncio
from typing import Any
from uuid import UUID

from fastapi import Request

from oim.channels.rest.idempotency import _get_idempotency
from oim.features.access import STRANGER, Actor, Role


def scope_of(caller: Actor, address: str) -> str:
    """The scope that a key has in a call of this caller from this address."""

    async def receive() -> Any:
        return {"type": "http.request", "body": b"{}"}

    scope = {"type": "http", "method": "POST", "path": "/v1/sessions", "headers": [], "client": (address, 1)}
    request = Request({**scope, "query_string": b"", "server": ("127.0.0.1", 80), "scheme": "http"}, receive)
    call = asyncio.run(_get_idempotency(request, caller, "a key")).request
    assert call is not None
    return call.scope


def test_strangers_are_apart_by_their_address() -> None:
    assert scope_of(STRANGER, "203.0.113.1") != scope_of(STRANGER, "203.0.113.2")
    assert scope_of(STRANGER, "203.0.113.1") == scope_of(STRANGER, "203.0.113.1")


def test_people_keep_their_keys_when_their_address_changes() -> None:
    person = Actor(Role.PERSON, UUID(int=1))
    assert scope_of(person, "203.0.113.1") == scope_of(person, "203.0.113.2") == "POST /v1/sessions"
