"""Requests: the caller's connection, and bodies that are read no further than they may be long."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1", "[::1]"})
MULTIPART_OVERHEAD = 64 * 1024  # bytes of a body beside its file
# Seconds for which the rest of a refused upload is read and dropped: a browser that is still sending when the
# connection closes shows a broken connection, not the answer that says what is wrong.
DRAIN_TIMEOUT = 3.0


def client_address(request: Request) -> str:
    """The network address a request comes from, empty where the server does not know it."""
    return request.client.host if request.client else ""


def check_protected(request: Request) -> None:
    """Refuse a connection on which others could read a session. Raises BadInputError."""
    if request.url.scheme != "https" and request.url.hostname not in LOCAL_HOSTS:
        raise BadInputError(mark("Nobody can sign in here: this address is not protected (https)."))


@asynccontextmanager
async def open_upload(
    request: Request, field: str, max_bytes: int, make_error: Callable[[], Exception]
) -> AsyncIterator[UploadFile]:
    """The file of a form field, open while the block runs.

    Raises BadInputError where there is none, and what `make_error` makes where it has more than `max_bytes`.
    """
    receive = limit_body(request.receive, max_bytes + MULTIPART_OVERHEAD, make_error, drain=DRAIN_TIMEOUT)
    bounded = Request(request.scope, receive)
    try:
        form = await bounded.form(max_files=1, max_fields=8)
    except HTTPException:
        raise BadInputError(mark("No file came. Choose one, and send it again."), field=field) from None
    try:
        file = form.get(field)
        if not isinstance(file, UploadFile) or not file.size:
            raise BadInputError(mark("No file came. Choose one, and send it again."), field=field)
        if file.size > max_bytes:
            raise make_error()
        yield file
    finally:
        await form.close()


def limit_body(
    receive: Receive, max_bytes: int, make_error: Callable[[], Exception], drain: float = 0.0
) -> Receive:
    """An ASGI `receive` that raises what `make_error` makes once a body goes beyond `max_bytes`.

    Bytes are counted as they come, whatever length the request declares. For up to `drain` seconds the rest
    is read and dropped first.
    """
    received = 0

    async def receive_within_limit() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > max_bytes:
            deadline = monotonic() + drain
            while message.get("more_body") and monotonic() < deadline:
                message = await receive()
            raise make_error()
        return message

    return receive_within_limit
