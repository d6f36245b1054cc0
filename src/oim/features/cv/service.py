"""CVs that are kept: what is proposed of them, their originals, their end."""

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
    """Somebody's CVs, newest first. Raises NotFoundError."""
    permit(session, actor, Action.READ, Subject(Resource.DOCUMENT, person=person))
    rows = select(DocumentRow).where(DocumentRow.person_id == person)
    return [
        _to_document(session, row) for row in session.scalars(rows.order_by(DocumentRow.created_at.desc()))
    ]


def load_proposal(session: WriteSession, actor: Actor, document: UUID) -> Proposal | None:
    """What was read of a CV, until it is settled. Raises NotFoundError."""
    row = _load_row(session, document)
    permit(session, actor, Action.READ, _subject(row), what="proposal")
    if row.proposal is None:
        return None
    return PROPOSAL.validate_json(unseal_bytes(session, DocumentRow.proposal, document, row.proposal))


def settle_proposal(session: WriteSession, actor: Actor, document: UUID) -> None:
    """Its owner took what they wanted of a proposal, or refused it: it is wiped. Raises NotFoundError."""
    row = _load_row(session, document)
    permit(session, actor, Action.CHANGE, _subject(row), what="settled")
    here = update(DocumentRow).where(DocumentRow.id == document, DocumentRow.settled_at.is_(None))
    session.execute(here.values(proposal=None, settled_at=now()))


def load_original(
    database: Database, blobs: Blobs, actor: Actor, document: UUID, organisation: UUID | None = None
) -> tuple[Document, bytes]:
    """A CV and its bytes. Raises NotFoundError, UnavailableError.

    `organisation`: the one it was shared with, as whoever keeps the sharing tells; its agents may read it.
    """
    with database.write() as session:
        row = _load_row(session, document)
        permit(session, actor, Action.READ, _subject(row, organisation), what="original")
        told, key = _to_document(session, row), row.blob
    return told, get_sealed(blobs, database.vault, key)


def erase(database: Database, blobs: Blobs, actor: Actor, document: UUID) -> None:
    """Forget a CV; partners that it was sent to see it no more. Raises NotFoundError."""
    with database.write() as session:
        row = _load_row(session, document)
        permit(session, actor, Action.ERASE, _subject(row))
        key = row.blob
        mark_for_deletion(session, [key])
        session.delete(row)
    try_delete_blobs(blobs, [key])


def list_blob_keys(session: ReadSession, person: UUID) -> Sequence[str]:
    """The blobs of somebody who is about to be erased: `let_go` of them in the same transaction."""
    return session.scalars(select(DocumentRow.blob).where(DocumentRow.person_id == person)).all()


def _load_row(session: ReadSession, document: UUID) -> DocumentRow:
    row = session.get(DocumentRow, document)
    if row is None:
        raise NotFoundError(NOT_FOUND_MESSAGE)
    return row


def _subject(row: DocumentRow, organisation: UUID | None = None) -> Subject:
    return Subject(Resource.DOCUMENT, str(row.id), person=row.person_id, organisation=organisation)


def _to_document(session: ReadSession, row: DocumentRow) -> Document:
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
    """When a link made now expires (seconds since 1970), and its signature."""
    expires = int((at + LINK_LIFETIME).timestamp())
    return expires, vault.sign(*_signed_parts(actor, document, expires))


def is_valid_link(
    vault: Vault, actor: Actor, document: UUID, expires: int, signature: str, at: datetime
) -> bool:
    """Whether a link is ours, is this actor's to this document, and has not expired."""
    return at.timestamp() < expires and vault.is_valid_signature(
        signature, *_signed_parts(actor, document, expires)
    )


def _signed_parts(actor: Actor, document: UUID, expires: int) -> tuple[str, ...]:
    return _LINK_PURPOSE, str(document), actor.role, str(actor.id), str(actor.organisation), str(expires)
