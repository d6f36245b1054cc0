"""Requests: the client's address, protected connections, uploads, and a limit on the size of bodies."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.types import Message, Receive

from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

# A connection within one machine needs no https: nobody else can listen to it.
LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1", "[::1]"})
# Bytes of a multipart body besides the file: boundaries, headers and a few short fields.
MULTIPART_OVERHEAD = 64 * 1024
# Files, and as many fields, of a form: one is read, and of more their sender hears that they are too many.
MAX_FORM_PARTS = 100
NO_FILE = mark("No file came. Choose one, and send it again.")
SEVERAL_FILES = mark("More than one file came. Choose one, and send it alone.")
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


class _InMemoryParser(MultiPartParser):
    """Parses a form whose files stay in memory: a file of Starlette's would leave the CV unsealed on a disk.

    The limit of the body bounds what that takes.
    """

    spool_max_size = sys.maxsize


@asynccontextmanager
async def open_upload(
    request: Request, field: str, max_bytes: int, make_error: Callable[[], Exception]
) -> AsyncIterator[UploadFile]:
    """Yield the uploaded file of a form field, which is deleted at the end of the block.

    Raises BadInputError if there is none, or more than one, and the error of `make_error` if it exceeds
    `max_bytes`.
    """
    # Parsing stops at the limit: a body that is too large never fills the memory.
    receive = limit_body(request.receive, max_bytes + MULTIPART_OVERHEAD, make_error, drain=DRAIN_TIMEOUT)
    limited_request = Request(request.scope, receive)
    parser = _InMemoryParser(
        request.headers, limited_request.stream(), max_files=MAX_FORM_PARTS, max_fields=MAX_FORM_PARTS
    )
    try:
        form = await parser.parse()
    # A body that is no multipart form, or has more files and fields than allowed.
    except (MultiPartException, KeyError):
        raise BadInputError(NO_FILE, field=field) from None
    try:
        # A form sends an empty part without a name for a field in which nothing was chosen.
        files = [
            (name, part)
            for name, part in form.multi_items()
            if isinstance(part, UploadFile) and (part.filename or part.size)
        ]
        if len(files) > 1:
            raise BadInputError(SEVERAL_FILES, field=field)
        if not files or files[0][0] != field:
            raise BadInputError(NO_FILE, field=field)
        [(_, file)] = files
        # The limit of the body left room for the rest of the form, which may have been less.
        if (file.size or 0) > max_bytes:
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
