"""Requests: the client's address, protected connections, uploads, and a limit on the size of bodies."""

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

# A connection within one machine needs no https: nobody else can listen to it.
LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1", "[::1]"})
# Bytes of a multipart body besides the file: boundaries, headers and a few short fields.
MULTIPART_OVERHEAD = 64 * 1024
# Seconds for which the rest of a refused upload is read and dropped: a browser that is still sending when the
# connection closes shows a broken connection, not the answer that says what is wrong.
DRAIN_TIMEOUT = 3.0


def client_address(request: Request) -> str:
    """The network address that a request comes from; empty where the server does not know it."""
    return request.client.host if request.client else ""


def check_protected(request: Request) -> None:
    """Refuse a connection on which others could read a session. Raises BadInputError."""
    if request.url.scheme != "https" and request.url.hostname not in LOCAL_HOSTS:
        raise BadInputError(mark("Nobody can sign in here: this address is not protected (https)."))


@asynccontextmanager
async def open_upload(
    request: Request, field: str, max_bytes: int, make_error: Callable[[], Exception]
) -> AsyncIterator[UploadFile]:
    """Yield the uploaded file of a form field, which is deleted at the end of the block.

    Raises BadInputError if there is none, and the error of `make_error` if it exceeds `max_bytes`.
    """
    # Parsing stops at the limit: a body that is too large never fills the disk.
    receive = limit_body(request.receive, max_bytes + MULTIPART_OVERHEAD, make_error, drain=DRAIN_TIMEOUT)
    limited_request = Request(request.scope, receive)
    try:
        form = await limited_request.form(max_files=1, max_fields=8)
    # Starlette's 400 for a body that is no multipart form, or has more files and fields than allowed.
    except HTTPException:
        raise BadInputError(mark("No file came. Choose one, and send it again."), field=field) from None
    try:
        file = form.get(field)
        if not isinstance(file, UploadFile) or not file.size:
            raise BadInputError(mark("No file came. Choose one, and send it again."), field=field)
        # The limit of the body left room for the rest of the form, which may have been less.
        if file.size > max_bytes:
            raise make_error()
        yield file
    finally:
        await form.close()


def limit_body(
    receive: Receive, max_bytes: int, make_error: Callable[[], Exception], drain: float = 0.0
) -> Receive:
    """Wrap an ASGI `receive` so that it raises the error of `make_error` once a body exceeds `max_bytes`.

    Bytes are counted as they arrive, whatever length the request declares. Before it raises, it reads and
    drops the rest of the body for up to `drain` seconds.
    """
    received = 0

    async def receive_within_limit() -> Message:
        """Receive the next message of the body, while the body is within the limit."""
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
