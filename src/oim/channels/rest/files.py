"""The route of signed links to blobs, where the store of blobs has no server of its own.

It sends a blob as it lies: what is personal is sealed, and stays so.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from oim.channels.http.responses import download_headers
from oim.channels.http.services import ServicesOf
from oim.kit.blob_links import LINK_PATH, BlobLink, is_valid_site_link
from oim.kit.clock import now
from oim.kit.errors import NotFoundError
from oim.kit.i18n import mark

# Not in the documentation of the API: nobody builds such a link but us.
router = APIRouter(include_in_schema=False)


@router.get(LINK_PATH + "{key:path}")
def download(
    key: str,
    services: ServicesOf,
    until: Annotated[int, Query()] = 0,
    name: Annotated[str, Query()] = "",
    type_: Annotated[str, Query(alias="type")] = "",
    s: Annotated[str, Query()] = "",
) -> StreamingResponse:
    """Send the blob of a link that we signed and that has not expired. Raises NotFoundError."""
    link = BlobLink(key, until, name, type_)
    if not is_valid_site_link(services.database.vault, link, s, now()):
        raise NotFoundError(mark("This link is too old, or it was changed."))
    with ExitStack() as stack:
        # Opened before the answer starts, so that a missing blob is still a 404.
        chunks = stack.enter_context(services.blobs.open(key))
        return StreamingResponse(
            _send(chunks, stack.pop_all()), media_type=type_, headers=download_headers(file_name=name)
        )


def _send(chunks: Iterator[bytes], opened: ExitStack) -> Iterator[bytes]:
    """Yield chunks, and close what they come from at the end, or when the client is gone."""
    with opened:
        yield from chunks
