"""Stored CVs: their proposals, their original files, signed links to these, and erasure.

A link is signed for one actor, one document and a few minutes. Following it does not replace the check of
permission: `load_original` still makes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update

from oim.features.access import NOT_FOUND_MESSAGE, Action, Actor, Resource, Subject, permit
from oim.features.cv.models import DocumentRow
from oim.features.cv.orphan_files import mark_for_deletion, try_delete_blobs
from oim.features.cv.types import PROPOSAL, Document, Proposal
from oim.kit.blobs import Blobs, get_sealed
from oim.kit.clock import now
from oim.kit.crypto import Vault
from oim.kit.db import Database, ReadSession, WriteSession, unseal, unseal_bytes
from oim.kit.errors import NotFoundError

LINK_LIFETIME = timedelta(minutes=5)
_LINK_PURPOSE = "cv.original"


def list_documents(session: WriteSession, actor: Actor, person: UUID) -> list[Document]:
    """List a person's CVs, newest first. Raises NotFoundError where the actor may not read them."""
    permit(session, actor, Action.READ, Subject(Resource.DOCUMENT, person=person))
    query = select(DocumentRow).where(DocumentRow.person_id == person)
    return [
        _to_document(session, row) for row in session.scalars(query.order_by(DocumentRow.created_at.desc()))
    ]


def load_proposal(session: WriteSession, actor: Actor, document: UUID) -> Proposal | None:
    """Load the proposal extracted from a CV; None once it was settled or purged. Raises NotFoundError."""
    row = _load_row(session, document)
    permit(session, actor, Action.READ, _subject(row), what="proposal")
    if row.proposal is None:
        return None
    return PROPOSAL.validate_json(unseal_bytes(session, DocumentRow.proposal, document, row.proposal))


def settle_proposal(session: WriteSession, actor: Actor, document: UUID) -> None:
    """Wipe a proposal that its owner accepted, in part or whole, or refused. Raises NotFoundError."""
    row = _load_row(session, document)
    permit(session, actor, Action.CHANGE, _subject(row), what="settled")
    # Settling twice is no error, and the time of the first stays.
    unsettled = update(DocumentRow).where(DocumentRow.id == document, DocumentRow.settled_at.is_(None))
    session.execute(unsettled.values(proposal=None, settled_at=now()))


def load_original(
    database: Database, blobs: Blobs, actor: Actor, document: UUID, organisation: UUID | None = None
) -> tuple[Document, bytes]:
    """Load a CV and its bytes. Raises NotFoundError, UnavailableError.

    `organisation`: the one that the CV was shared with, as its caller (the feature that stores the sharing)
    states; agents of that organisation may read it.
    """
    with database.write() as session:
        row = _load_row(session, document)
        permit(session, actor, Action.READ, _subject(row, organisation), what="original")
        metadata, key = _to_document(session, row), row.blob
    # Read after the commit: the trail has its entry before any byte is returned, and no transaction waits
    # for the store of blobs.
    return metadata, get_sealed(blobs, database.vault, key)


def erase(database: Database, blobs: Blobs, actor: Actor, document: UUID) -> None:
    """Erase a CV with its file; partners that it was shared with lose it too. Raises NotFoundError."""
    with database.write() as session:
        row = _load_row(session, document)
        permit(session, actor, Action.ERASE, _subject(row))
        key = row.blob
        # Marked in the transaction that deletes the row: if this process dies before it deletes the blob, or
        # the store is down, `delete_orphans` deletes it.
        mark_for_deletion(session, [key])
        session.delete(row)
    try_delete_blobs(blobs, [key])


def list_blob_keys(session: ReadSession, person: UUID) -> Sequence[str]:
    """List the keys of a person's blobs, for erasing the person.

    The caller must pass them to `mark_for_deletion` in the transaction that deletes the person.
    """
    return session.scalars(select(DocumentRow.blob).where(DocumentRow.person_id == person)).all()


def _load_row(session: ReadSession, document: UUID) -> DocumentRow:
    """Load the row of a CV. Raises NotFoundError."""
    row = session.get(DocumentRow, document)
    if row is None:
        raise NotFoundError(NOT_FOUND_MESSAGE)
    return row


def _subject(row: DocumentRow, organisation: UUID | None = None) -> Subject:
    """Describe a CV to the check of permissions: its owner and the organisation it was shared with."""
    return Subject(Resource.DOCUMENT, str(row.id), person=row.person_id, organisation=organisation)


def _to_document(session: ReadSession, row: DocumentRow) -> Document:
    """Convert a row to its value, its file name unsealed."""
    return Document(
        id=row.id,
        person=row.person_id,
        file_name=unseal(session, DocumentRow.file_name, row.id, row.file_name),
        media_type=row.media_type,
        size=row.size,
        proposed=row.proposal is not None,
        settled_at=row.settled_at,
        created_at=row.created_at,
    )


def sign_link(vault: Vault, actor: Actor, document: UUID, at: datetime) -> tuple[int, str]:
    """Sign a link to a CV for one actor: when it expires (seconds since 1970), and its signature."""
    expires = int((at + LINK_LIFETIME).timestamp())
    return expires, vault.sign(*_signed_parts(actor, document, expires))


def is_valid_link(
    vault: Vault, actor: Actor, document: UUID, expires: int, signature: str, at: datetime
) -> bool:
    """Whether we signed a link, for this actor and this document, and it has not expired."""
    return at.timestamp() < expires and vault.is_valid_signature(
        signature, *_signed_parts(actor, document, expires)
    )


def _signed_parts(actor: Actor, document: UUID, expires: int) -> tuple[str, ...]:
    """List what a link's signature covers."""
    # The actor is covered, so a link passed on opens nothing for somebody else; the purpose keeps signatures
    # made for anything else from being valid here.
    return _LINK_PURPOSE, str(document), actor.role, str(actor.id), str(actor.organisation), str(expires)
