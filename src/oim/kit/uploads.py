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

ENVELOPE = 64 * 1024  # bytes of a body beside its file
DRAINED = 3.0  # seconds for which the rest is read and dropped, so that whoever sends it hears the answer


@asynccontextmanager
async def uploaded(
    request: Request, name: str, most: int, refuse: Callable[[], Exception]
) -> AsyncIterator[UploadFile]:
    """The file of a field. Raises BadInputError, and what `refuse` makes for more than `most` bytes."""
    bounded = Request(request.scope, _bounded(request.receive, most + ENVELOPE, refuse))
    try:
        form = await bounded.form(max_files=1, max_fields=8)
    except HTTPException:
        raise BadInputError(mark("No file came. Choose one, and send it again."), field=name) from None
    try:
        file = form.get(name)
        if not isinstance(file, UploadFile) or not file.size:
            raise BadInputError(mark("No file came. Choose one, and send it again."), field=name)
        if file.size > most:
            raise refuse()
        yield file
    finally:
        await form.close()


def _bounded(receive: Receive, most: int, refuse: Callable[[], Exception]) -> Receive:
    taken = 0

    async def bounded() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            deadline = monotonic() + DRAINED
            while message.get("more_body") and monotonic() < deadline:
                message = await receive()
            raise refuse()
        return message

    return bounded
