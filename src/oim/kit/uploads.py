"""One file of a multipart body, read no further than it may be long."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message, Receive

from oim.kit.errors import BadInputError
from oim.kit.i18n import mark

MULTIPART_OVERHEAD = 64 * 1024  # bytes of a body beside its file
DRAIN_TIMEOUT = (
    3.0  # seconds for which the rest is read and dropped, so that whoever sends it hears the answer
)


@asynccontextmanager
async def open_upload(
    request: Request, field: str, max_bytes: int, make_error: Callable[[], Exception]
) -> AsyncIterator[UploadFile]:
    """The file of a field. Raises BadInputError, and what `refuse` makes for more than `most` bytes."""
    bounded = Request(request.scope, _limit_body(request.receive, max_bytes + MULTIPART_OVERHEAD, make_error))
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


def _limit_body(receive: Receive, max_bytes: int, make_error: Callable[[], Exception]) -> Receive:
    taken = 0

    async def bounded() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > max_bytes:
            deadline = monotonic() + DRAIN_TIMEOUT
            while message.get("more_body") and monotonic() < deadline:
                message = await receive()
            raise make_error()
        return message

    return bounded
