"""Receiving a CV, by the pages and by the API alike: counted, then read in its turn, then stored.

CVs are read in threads of their own. However many come, the personal pages keep theirs, and whoever finds no
free thread hears so at once.
"""

from __future__ import annotations

from typing import IO
from uuid import UUID

from fastapi import Request

from oim.channels.http.costs import UPLOAD_COST, spend_points
from oim.channels.http.requests import client_address, open_upload
from oim.channels.http.services import Services
from oim.channels.http.threads import PERSONAL, Threads
from oim.features import cv
from oim.features.access import Actor
from oim.features.cv import Upload
from oim.features.sign_in import hash_subject
from oim.kit.rate_limits import subscriber_prefix

READING = Threads(4, message=cv.MANY_SEND)  # two read, as `cv` lets them; two wait for these


async def receive_cv(request: Request, services: Services, actor: Actor, person: UUID) -> UUID:
    """Store the CV in the form field `file`, in place of the person's previous one; return its id.

    Raises BadInputError for a file that is refused, ConflictError, NotFoundError, TooManyError,
    UnavailableError.
    """
    # Counted before the body is read: a refused upload costs us no reading and no disk. The services block,
    # so they run in threads and leave the event loop free.
    await PERSONAL.run(_count, services, actor, person, client_address(request))
    async with open_upload(request, "file", cv.MAX_BYTES, cv.too_large_error) as file:
        source = hash_subject(services.database.vault, subscriber_prefix(client_address(request)))
        upload = await READING.run(_read, services, person, source, file.file, file.filename or "")
    return await PERSONAL.run(cv.store_upload, services.database, services.blobs, actor, person, upload)


def _count(services: Services, actor: Actor, person: UUID, address: str) -> None:
    spend_points(services, actor, address, UPLOAD_COST)
    cv.count_upload(services.sign_in.rate_limiter, person)


def _read(services: Services, person: UUID, source: str, file: IO[bytes], name: str) -> Upload:
    """Read a file in the turn of a person. No session is open meanwhile."""
    sign_in = services.sign_in
    with cv.take_turn(sign_in.cache, sign_in.rate_limiter, person, source) as charge:
        return cv.read_upload(file, name, charge)
