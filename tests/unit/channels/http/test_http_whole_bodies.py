"""A request begins to be answered when its body is there; the application sees the body as it came."""

import asyncio
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from oim.channels.http.whole_bodies import WAITED_BYTES, WholeBodies

LENGTH = (b"content-length", b"100")
CHUNKED = (b"transfer-encoding", b"chunked")
LEFT = {"type": "http.disconnect"}


def part(body: bytes, *, more: bool) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


def call(messages: list[dict[str, Any]], *headers: tuple[bytes, bytes]) -> tuple[int | None, bytes]:
    """Send the messages; return how many were left when the application began, and the answer's body."""
    begun, sent = [], bytearray()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        begun.append(len(messages))
        request = Request(scope, receive)
        body = await request.body() if request.headers else b"none"
        await PlainTextResponse(body + b" gone" * await request.is_disconnected())(scope, receive, send)

    async def receive() -> Any:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.extend(message.get("body", b""))

    scope = {"type": "http", "method": "POST", "headers": list(headers)}
    asyncio.run(WholeBodies(app)(scope, receive, send))
    return (begun[0] if begun else None), bytes(sent)


@pytest.mark.parametrize("header", [LENGTH, CHUNKED])
def test_the_application_begins_when_the_body_is_there(header: tuple[bytes, bytes]) -> None:
    messages = [part(b"a", more=True), part(b"b", more=True), part(b"c", more=False), LEFT]
    assert call(messages, header) == (1, b"abc gone")


@pytest.mark.parametrize("header", [LENGTH, CHUNKED])
def test_a_body_that_never_ends_begins_nothing(header: tuple[bytes, bytes]) -> None:
    assert call([part(b"a", more=True), LEFT], header) == (None, b"")


def test_a_request_without_a_body_begins_at_once() -> None:
    assert call([LEFT]) == (1, b"none gone")


def test_of_a_large_body_the_first_part_is_waited_for() -> None:
    half = b"x" * (WAITED_BYTES // 2)
    messages = [part(half, more=True), part(half, more=True), part(b"y", more=False), LEFT]
    assert call(messages, LENGTH) == (2, half + half + b"y gone")


def test_a_body_that_comes_byte_by_byte_is_one_message() -> None:
    """Each piece would cost two hundred bytes of memory of its own."""
    messages = [part(b"x", more=True) for _ in range(1000)] + [part(b"y", more=False), LEFT]
    received = []

    async def app(_: Scope, receive: Receive, __: Send) -> None:
        received.append(await receive())

    async def receive() -> Any:
        return messages.pop(0)

    async def send(_: Any) -> None: ...

    scope = {"type": "http", "method": "POST", "headers": [LENGTH]}
    asyncio.run(WholeBodies(app)(scope, receive, send))
    assert received == [part(b"x" * 1000 + b"y", more=False)]
