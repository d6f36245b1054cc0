"""Upload of a CV: read in a child process, then stored sealed, in place of the previous one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import IO
from uuid import UUID, uuid4

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from oim.features.access import Action, Actor, Resource, Subject, permit
from oim.features.cv.errors import refusal_error
from oim.features.cv.extraction import extract_proposal
from oim.features.cv.models import DocumentRow
from oim.features.cv.orphan_files import BLOB_PREFIX, mark_for_deletion, try_delete_blobs
from oim.features.cv.readers.limits import MAX_BYTES, MAX_NAME_LENGTH, UPLOADS
from oim.features.cv.readers.result import Refusal
from oim.features.cv.sandbox import open_descriptor, read_in_subprocess
from oim.features.cv.shares import Charge
from oim.features.cv.types import PROPOSAL, Proposal
from oim.kit.blobs import Blobs, put_sealed
from oim.kit.clock import CAMEROON, now
from oim.kit.db import Database, WriteSession, seal
from oim.kit.errors import ConflictError, NotFoundError
from oim.kit.i18n import mark
from oim.kit.rate_limits import RateLimit, RateLimiter

UPLOAD_RULE = RateLimit("cv", UPLOADS)


@dataclass(frozen=True, slots=True)
class Upload:
    """An uploaded file, with the proposal extracted from it."""

    name: str
    media_type: str
    content: bytes
    proposal: Proposal


def count_upload(limits: RateLimiter, person: UUID) -> None:
    """Count an upload against the person's limit, before its file is read.

    Raises TooManyError, UnavailableError.
    """
    limits.hit([(UPLOAD_RULE, str(person))])


def store_upload(database: Database, blobs: Blobs, actor: Actor, person: UUID, upload: Upload) -> UUID:
    """Store a person's CV and the proposal extracted from it, in place of their previous CV; return its id.

    Raises NotFoundError, ConflictError, UnavailableError.
    """
    id_ = uuid4()
    key = f"{BLOB_PREFIX}{id_}"
    # Marked for deletion first, in a transaction of its own: if this process dies after the blob is written
    # and before a row names it, `delete_orphans` deletes it. It spares blobs that a row names.
    with database.write() as session:
        mark_for_deletion(session, [key])
    put_sealed(blobs, database.vault, key, upload.content)
    try:
        with database.write() as session:
            replaced = _replace_document(session, actor, person, id_, upload)
    except (ConflictError, NotFoundError):
        # Only after these is it certain that no row was committed; after any other error `delete_orphans`
        # decides.
        try_delete_blobs(blobs, [key])
        raise
    try_delete_blobs(blobs, replaced)
    return id_


def read_upload(file: IO[bytes], name: str, charge: Charge = lambda _: None) -> Upload:
    """Read a file and extract its proposal; it may take half a minute, whose seconds `charge` gets.

    Raises BadInputError for a file that is refused, and UnavailableError.
    """
    # One byte more than allowed, so that a file that is too large shows as such.
    with open_descriptor(file, MAX_BYTES + 1) as opened:
        if os.fstat(opened).st_size > MAX_BYTES:
            raise refusal_error(Refusal.SIZE)
        text = read_in_subprocess(opened, charge)
        proposal = extract_proposal(text, now().astimezone(CAMEROON).date())
        # `pread`, because the child shares the descriptor's position and has moved it to the end.
        return Upload(_clean_file_name(name), text.media_type, os.pread(opened, MAX_BYTES, 0), proposal)


def _clean_file_name(name: str) -> str:
    """Make a name fit to be shown: without folders or control characters, and not too long."""
    base_name = name.replace("\\", "/").rpartition("/")[2]
    printable = "".join(letter if letter.isprintable() else " " for letter in base_name)
    # Cut at its start: the end has the extension.
    return " ".join(printable.split())[-MAX_NAME_LENGTH:] or "CV"


def _replace_document(
    session: WriteSession, actor: Actor, person: UUID, id_: UUID, upload: Upload
) -> list[str]:
    """Add the row of a CV in place of the previous one; return the blob keys of what it replaced.

    Raises ConflictError, NotFoundError.
    """
    permit(
        session, actor, Action.CHANGE, Subject(Resource.DOCUMENT, str(id_), person=person), what="received"
    )
    delete_previous = delete(DocumentRow).where(DocumentRow.person_id == person).returning(DocumentRow.blob)
    replaced = list(session.scalars(delete_previous))
    mark_for_deletion(session, replaced)
    at = now()
    row = DocumentRow(
        id=id_,
        person_id=person,
        file_name=seal(session, DocumentRow.file_name, id_, upload.name),
        media_type=upload.media_type,
        size=len(upload.content),
        blob=f"{BLOB_PREFIX}{id_}",
        proposal=seal(session, DocumentRow.proposal, id_, PROPOSAL.dump_json(upload.proposal)),
        read_at=at,
        settled_at=None,
        created_at=at,
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError:  # another upload of the same person came first, or the person was erased
        raise ConflictError(mark("Something of yours changed meanwhile. Send your CV again.")) from None
    return replaced
